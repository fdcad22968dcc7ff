#include "runner/terminal/report.hpp"

#include "experiments/json.hpp"
#include "runner/terminal/bar_report.hpp"

#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace runner {
namespace {

std::string_view ending_name(Ending ending) {
  switch (ending) {
    case Ending::done:
      return "done";
    case Ending::failed:
      return "failed";
    case Ending::paused:
    case Ending::interrupted:
      return "interrupted";
  }
  return "";
}

/// One JSON object a line, as things happen.
class JsonReport : public Report {
 public:
  void started(const std::string& run_id, const Recipe& recipe, const Prepared& data,
               const Launch& launch) override {
    print({{"event", "started"},
           {"run", run_id},
           {"config", recipe.config},
           {"data", to_json(data)},
           {"launcher", launch.launcher},
           {"world_size", launch.world_size},
           {"nodes", launch.nodes}});
  }
  void event(const Event& event) override { print(to_json(event)); }
  void progress(const Heartbeat&) override {}
  void output(const std::string& line) override { print({{"event", "output"}, {"line", line}}); }
  void stopping() override { print({{"event", "stopping"}}); }
  void ended(const Outcome& outcome, const Heartbeat& heartbeat) override {
    print({{"event", "ended"},
           {"status", ending_name(outcome.ending)},
           {"reason", outcome.reason},
           {"step", heartbeat.step.load()},
           {"first_step_at", static_cast<double>(heartbeat.first_step_at.load()) / 1e6}});
  }

 private:
  static void print(const Json& message) {
    const auto line = dumped(message) + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
  }
};

/// Nothing but a failure.
class QuietReport : public TextReport {
  void print(const std::string&) override {}
};

}  // namespace

std::string not_saved_text(const protocol::NotSaved& event) {
  return fmt::format("the checkpoint of step {} could not be saved: {}", event.step, event.reason);
}

std::unique_ptr<Report> make_report(Verbosity verbosity) {
  if (verbosity == Verbosity::json) return std::make_unique<JsonReport>();
  if (verbosity == Verbosity::quiet) return std::make_unique<QuietReport>();
  if (isatty(STDOUT_FILENO)) return std::make_unique<BarReport>();
  return std::make_unique<TextReport>();
}

}  // namespace runner
