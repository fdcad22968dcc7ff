#pragma once

#include "experiments/store.hpp"

#include <filesystem>
#include <functional>
#include <optional>

namespace runner::ui {

struct ServerOptions {
  std::filesystem::path database;
  std::optional<int> port;  ///< none: the usual one, or any free one where that is taken
  bool read_only = false;
  /// Ends runs that seem to run and do not, as far as another program has to be asked for that
  /// (Slurm); called now and then, on a thread of its own.
  std::function<void(Store&)> settle;
};

/// The port that is asked for first, so that addresses stay the same from day to day.
constexpr int usual_port = 8217;

/// Serves the page on 127.0.0.1 until SIGINT or SIGTERM comes. `started` is given the address with
/// its token as soon as it answers. Throws UserError for a port that is taken.
void serve(const ServerOptions& options, const std::function<void(const std::string&)>& started);

}  // namespace runner::ui
