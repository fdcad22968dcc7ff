#pragma once

#include "runner/protocol/event.hpp"
#include "runner/recipe/sections.hpp"

#include <filesystem>
#include <optional>

#include <c10/core/Device.h>

namespace runner {

/// Traces some steps with Kineto.
class Profiler {
 public:
  /// `folder` gets the trace, trace-rank0.json, which ui.perfetto.dev and chrome://tracing open.
  Profiler(const Profile& options, std::filesystem::path folder, int rank, c10::Device device);

  /// Begins and ends at the right steps; `done` are those that this process has made. After the
  /// last traced one: what the trace shows. Times are of one step, on the device that computes: a
  /// GPU's kernels or a CPU's operations.
  std::optional<Event> between_steps(std::int64_t done);
  /// The training is over, perhaps while steps are traced, or before it came to any that are.
  std::optional<Event> finish(std::int64_t done);

 private:
  void begin();
  protocol::Profiled end(std::int64_t steps);

  Profile options_;
  std::filesystem::path folder_;
  int rank_;
  c10::Device device_;
  bool running_ = false;
};

}  // namespace runner
