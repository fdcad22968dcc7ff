#include "runner/commands/watch.hpp"

#include "experiments/curves.hpp"
#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/nearest.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "experiments/text.hpp"
#include "runner/commands/options.hpp"
#include "runner/launch/slurm_jobs.hpp"
#include "runner/recipe/run_length.hpp"
#include "runner/terminal/chart.hpp"
#include "runner/terminal/live_block.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/watch_page.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

using Clock = std::chrono::steady_clock;

struct WatchOptions {
  std::string run = "last", metric;
  bool json = false;
  std::optional<std::filesystem::path> database;
};

/// Of a run whose recipe this version still understands.
std::optional<std::int64_t> steps_of(const RunDetails& details) try {
  const auto config = Json::parse(details.run.config);
  if (details.checkpoints.empty()) return run_length(config).last_step;
  const auto& newest = details.checkpoints.front();
  return length_from(config, newest.step, newest.epoch).last_step;
} catch (const std::exception&) {
  return std::nullopt;
}

/// What has come of a run, as its process and the database tell.
class Watcher {
 public:
  Watcher(Store& store, std::string id, std::string metric)
      : store_(store), id_(std::move(id)), metric_(std::move(metric)) {
    look();
    watched_.steps = steps_of(watched_.details);
  }

  const Watched& look() {
    store_.mark_crashed_runs();
    if (watched_.details.run.job_id) settle_slurm_jobs(store_);
    watched_.details = read_run(store_.database(), id_);
    measure_progress();
    draw();
    return watched_;
  }

  /// As it was when last looked at.
  const Watched& watched() const { return watched_; }

 private:
  void measure_progress() {
    watched_.step = 0;
    for (const auto& metric : watched_.details.metrics)
      watched_.step = std::max(watched_.step, metric.last_step);
    const auto now = Clock::now();
    const std::chrono::duration<double> passed = now - moved_;
    if (watched_.step == step_) return;
    const auto rate = static_cast<double>(watched_.step - step_) / passed.count();
    auto& shown = watched_.steps_per_second;
    if (step_ > 0) shown = shown == 0 ? rate : 0.8 * shown + 0.2 * rate;
    step_ = watched_.step;
    moved_ = now;
  }

  void draw() {
    const auto& metrics = watched_.details.metrics;
    const auto known = [&](const std::string& name) {
      return std::ranges::find(metrics, name, &Summary::metric) != metrics.end();
    };
    watched_.metric = !metric_.empty() ? metric_ : known("train/loss") ? "train/loss" : "";
    watched_.curve.clear();
    CurveRequest request;
    request.points = chart_resolution(drawing_width(stdout));
    if (watched_.metric.empty() || terminal_width(stdout) == 0) return;  // lines draw no curve
    for (const auto& point : read_curve(store_.database(), id_, watched_.metric, request))
      watched_.curve.push_back(point.mean);
  }

  Store& store_;
  std::string id_, metric_;
  Watched watched_;
  std::int64_t step_ = 0;
  Clock::time_point moved_ = Clock::now();
};

/// The page, drawn anew in its place.
class Page {
 public:
  void show(const Watched& run) {
    block_.show(watch_page(run, terminal_width(stdout), terminal_height(stdout)));
  }

 private:
  LiveBlock block_;
};

/// A line for each evaluation, for what is no terminal.
class Lines {
 public:
  Lines(std::string metric, bool json) : metric_(std::move(metric)), json_(json) {}

  void show(const Watched& run) {
    std::string line;
    Json object{{"step", 0}};
    std::int64_t step = 0;
    for (const auto& metric : run.details.metrics) {
      const bool is_shown = metric.metric.starts_with("eval/") || metric.metric == metric_;
      if (!is_shown || metric.last_step <= step_) continue;
      step = std::max(step, metric.last_step);
      line += fmt::format("  {} {:.5g}", printable(metric.metric), metric.last);
      object[metric.metric] = to_json(Value(metric.last));
    }
    if (line.empty()) return;
    step_ = step;
    object["step"] = step;
    fmt::print("{}\n", json_ ? dumped(object) : fmt::format("step {}{}", step, line));
    std::fflush(stdout);
  }

 private:
  std::string metric_;
  bool json_;
  std::int64_t step_ = 0;
};

template <class View>
void follow(Watcher& watcher, View view) {
  view.show(watcher.watched());
  while (!is_over(watcher.watched().details)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    view.show(watcher.look());
  }
}

int exit_code_of(const RunDetails& run) {
  if (run.status == "done") return 0;
  return run.status == "interrupted" ? 3 : 1;
}

/// Of a run that goes on, a metric may still come.
void refuse_unknown(const RunDetails& run, const std::string& metric) {
  std::vector<std::string> known;
  for (const auto& each : run.metrics) known.push_back(each.metric);
  if (metric.empty() || !is_over(run) || std::ranges::find(known, metric) != known.end()) return;
  throw UserError(fmt::format("run {} has no metric '{}'{}", run.id, metric,
                              known.empty() ? "" : "; " + what_instead(metric, known)));
}

int watch(const WatchOptions& options) {
  auto store = Store::open(find_database(options.database));
  Watcher watcher(store, find_run(store.database(), options.run), options.metric);
  refuse_unknown(watcher.watched().details, options.metric);
  if (terminal_width(stdout) > 0 && !options.json)
    follow(watcher, Page());
  else
    follow(watcher, Lines(options.metric, options.json));
  const auto& run = watcher.watched().details;
  if (options.json)
    fmt::print("{}\n",
               dumped(Json{{"run", run.id}, {"status", run.status}, {"reason", run.reason}}));
  else
    fmt::print("run {} is {}{}\n", run.id, run.status, run.reason.empty() ? "" : ": " + run.reason);
  return exit_code_of(run);
}

}  // namespace

void add_watch(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<WatchOptions>();
  auto* command = app.add_subcommand(
      "watch", "Follow a run from any terminal until it ends; Ctrl-C leaves the run alone");
  command->add_option("RUN", options->run, which_run)->capture_default_str();
  command
      ->add_option(
          "--metric", options->metric,
          "What is drawn, instead of train/loss; without a terminal, told besides eval/...")
      ->type_name("NAME")
      ->transform(metric_name());
  command->add_flag("--json", options->json,
                    "One object a line: each evaluation, and how the run ended");
  add_database(*command, options->database);
  command->callback([options, &chosen] { chosen = [options] { return watch(*options); }; });
}

}  // namespace runner
