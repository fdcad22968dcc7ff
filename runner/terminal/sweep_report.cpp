#include "runner/terminal/sweep_report.hpp"

#include "experiments/json.hpp"
#include "experiments/say.hpp"
#include "runner/terminal/live_block.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/sweep_table.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace runner {
namespace {

std::string result_text(const EndedTrial& trial, const std::string& metric) {
  return trial.value ? fmt::format("{} {:.5g}", metric, *trial.value) : "";
}

/// A line for each trial that ends.
class LineSweepReport : public SweepReport {
 public:
  void begun(const SweepStatus& status) override {
    print(fmt::format("sweep      {} ({})\nrecipe     {}\ntrials     {}, {}\nmetric     {}\n",
                      status.id, status.name, status.recipe, with_commas(status.size),
                      status.division, status.metric));
    if (status.done > 0)
      print(fmt::format("           {} of them are done already\n", with_commas(status.done)));
  }

  void ended(const EndedTrial& trial, const SweepStatus& status) override {
    std::string line = fmt::format("{:>{}}/{}  {:<7}", trial.number,
                                   std::to_string(status.size).size(), status.size, trial.status);
    for (const auto& part : {trial.parameters, result_text(trial, status.metric)})
      if (!part.empty()) line += "  " + part;
    line += fmt::format("  {} (run {})", how_long(trial.seconds), trial.run_id);
    print(line + (trial.reason.empty() ? "\n" : fmt::format("\n    {}\n", trial.reason)));
  }

  void stopping(bool at_once) override {
    print(at_once ? "stopping the trials that run; they can be resumed\n"
                  : "no more trials are started; those that run go on (Ctrl-C again stops them, "
                    "too)\n");
  }

  void over(const SweepStatus& status) override { print(summary(status) + "\n"); }

 protected:
  virtual void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
};

/// The same lines, with what runs now below them.
class TableSweepReport : public LineSweepReport {
 public:
  void refresh(const SweepStatus& status) override {
    block_.show(live_table(status, terminal_width(stdout), terminal_height(stdout)));
  }
  void warn(const std::string& text) override {
    block_.erase();
    SweepReport::warn(text);
  }

 protected:
  void print(const std::string& text) override {
    block_.erase();
    LineSweepReport::print(text);
  }

 private:
  LiveBlock block_;
};

class QuietSweepReport : public SweepReport {
 public:
  void begun(const SweepStatus&) override {}
  void ended(const EndedTrial&, const SweepStatus&) override {}
  void stopping(bool) override {}
  void over(const SweepStatus&) override {}
};

class JsonSweepReport : public SweepReport {
 public:
  void begun(const SweepStatus& status) override {
    print({{"event", "sweep"},
           {"id", status.id},
           {"name", status.name},
           {"recipe", status.recipe},
           {"metric", status.metric},
           {"trials", status.size},
           {"done", status.done}});
  }
  void ended(const EndedTrial& trial, const SweepStatus&) override {
    print({{"event", "trial"},
           {"number", trial.number},
           {"parameters", trial.parameters},
           {"status", trial.status},
           {"reason", trial.reason},
           {"run", trial.run_id},
           {"value", trial.value ? Json(*trial.value) : Json()},
           {"seconds", trial.seconds}});
  }
  void stopping(bool at_once) override { print({{"event", "stopping"}, {"at_once", at_once}}); }
  void over(const SweepStatus& status) override {
    print({{"event", "ended"},
           {"done", status.done},
           {"failed", status.failed},
           {"pruned", status.pruned},
           {"trials", status.size},
           {"best", status.best ? Json(status.best->number) : Json()},
           {"seconds", status.seconds}});
  }

 private:
  static void print(const Json& event) {
    std::puts(dumped(event).c_str());
    std::fflush(stdout);
  }
};

}  // namespace

void SweepReport::warn(const std::string& text) {
  std::fflush(stdout);
  say("runner: WARNING: {}\n", text);
}

std::unique_ptr<SweepReport> make_sweep_report(Verbosity verbosity) {
  if (verbosity == Verbosity::json) return std::make_unique<JsonSweepReport>();
  if (verbosity == Verbosity::quiet) return std::make_unique<QuietSweepReport>();
  if (terminal_width(stdout) > 0) return std::make_unique<TableSweepReport>();
  return std::make_unique<LineSweepReport>();
}

}  // namespace runner
