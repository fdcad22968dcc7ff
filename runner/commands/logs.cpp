#include "runner/commands/logs.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "experiments/rank_logs.hpp"
#include "experiments/reference.hpp"
#include "experiments/say.hpp"
#include "experiments/store.hpp"
#include "runner/commands/options.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

struct LogsOptions {
  std::string run = "last";
  std::int64_t rank = 0;
  bool follow = false;
  std::optional<fs::path> database;
};

bool goes_on(Store& store, const std::string& id) {
  store.mark_crashed_runs();
  auto run = store.database().prepare(
      "SELECT 1 FROM runs WHERE id = ? AND status IN ('running', 'queued')");
  return run.with(id).step();
}

/// Prints what has come since `from`; gives where it ended.
std::streamoff print(const fs::path& file, std::streamoff from) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(from);
  std::array<char, 1 << 16> buffer;
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    std::fwrite(buffer.data(), 1, static_cast<std::size_t>(in.gcount()), stdout);
    from += in.gcount();
  }
  std::fflush(stdout);
  return from;
}

int logs(const LogsOptions& options) {
  auto store = Store::open(find_database(options.database));
  const auto id = find_run(store.database(), options.run);
  const auto folder = read_run(store.database(), id).run.logs;
  if (!folder) throw UserError(fmt::format("run {} has not begun: it has no logs yet", id));
  const auto file = rank_log(*folder, options.rank);
  const auto ranks = ranks_with_logs(*folder);
  const bool is_there = std::find(ranks.begin(), ranks.end(), options.rank) != ranks.end();
  if (!is_there && !ranks.empty() && !goes_on(store, id))
    throw UserError(fmt::format("run {} has nothing from rank {}; there are logs of {}", id,
                                options.rank, fmt::join(ranks, ", ")));
  if (!is_there && !options.follow) say("the processes of run {} have printed nothing\n", id);
  bool more = options.follow;
  auto printed = print(file, 0);
  while (more) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    more = goes_on(store, id);  // asked before the rest is read, so that none is missed
    printed = print(file, printed);
  }
  return 0;
}

}  // namespace

void add_logs(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<LogsOptions>();
  auto* command =
      app.add_subcommand("logs", "Print what a run's processes have printed themselves, as it is");
  command->add_option("RUN", options->run, which_run)->capture_default_str();
  command->add_option("--rank", options->rank, "Of which rank")
      ->check(number_at_least(0))
      ->capture_default_str();
  command->add_flag("--follow,-f", options->follow, "Go on until the run has ended");
  add_database(*command, options->database);
  command->callback([options, &chosen] { chosen = [options] { return logs(*options); }; });
}

}  // namespace runner
