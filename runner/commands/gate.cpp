#include "runner/commands/gate.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/store.hpp"
#include "runner/answers/answers.hpp"
#include "runner/answers/gate.hpp"
#include "runner/commands/options.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct GateOptions {
  std::string run, baseline, metric = "eval/loss", tolerance = "0";
  std::optional<std::string> mode;
  double p = 0.05;
  std::optional<std::filesystem::path> database;
  bool json = false;
};

std::string side(const Subject& of, double value, std::size_t runs) {
  return fmt::format("{:.6g} for {}{}", value, of.text(),
                     runs > 1 ? fmt::format(" (mean of {})", runs) : "");
}

std::string words(const Verdict& verdict) {
  auto out = verdict.worse_by > 0   ? fmt::format("worse by {:.3g}", verdict.worse_by)
             : verdict.worse_by < 0 ? fmt::format("better by {:.3g}", -verdict.worse_by)
                                    : std::string("the same");
  if (verdict.allowed > 0) out += fmt::format(", {:.3g} is allowed", verdict.allowed);
  if (verdict.test) out += fmt::format(", p = {:.2g}", verdict.test->p);
  return out;
}

int gate(const GateOptions& options) {
  const auto tolerance = parse_tolerance(options.tolerance);
  if (!tolerance)
    throw UserError(
        fmt::format("--tolerance is '{}'; expected a number of at least 0, such as "
                    "0.002, or a share of the baseline, such as 1%",
                    options.tolerance));
  auto store = Store::open(find_database(options.database));
  const auto& database = store.database();
  const auto candidate = find_subject(database, options.run);
  const auto reference = find_subject(database, options.baseline);
  const auto values = values_of(database, candidate, options.metric);
  const auto baseline = values_of(database, reference, options.metric);
  const auto goal = chosen_goal(options.metric, options.mode);
  const auto verdict = judge(values, baseline, goal, *tolerance, options.p);
  if (options.json)
    fmt::print("{}\n",
               dumped(Json{{candidate.is_sweep ? "sweep" : "run", candidate.id},
                           {reference.is_sweep ? "baseline_sweep" : "baseline_run", reference.id},
                           {"metric", options.metric},
                           {"value", verdict.value},
                           {"baseline", verdict.baseline},
                           {"worse_by", verdict.worse_by},
                           {"allowed", verdict.allowed},
                           {"p", verdict.test ? Json(verdict.test->p) : Json()},
                           {"regressed", verdict.regressed}}));
  else
    fmt::print("{}: {}, {}; {}: {}\n", options.metric,
               side(candidate, verdict.value, values.size()),
               side(reference, verdict.baseline, baseline.size()), words(verdict),
               verdict.regressed ? "a regression" : "no regression");
  return verdict.regressed ? 1 : 0;
}

}  // namespace

void add_gate(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<GateOptions>();
  auto* command = app.add_subcommand(
      "gate", "Fail when a run is worse than its baseline: for CI (exit code 1)");
  command
      ->add_option("RUN", options->run,
                   "A run (last is the latest), or a sweep whose trials are taken together")
      ->required();
  command->add_option("--baseline", options->baseline, "What it is held against: a run or a sweep")
      ->required();
  command->add_option("--metric", options->metric, "What is compared, by its last value")
      ->capture_default_str()
      ->transform(metric_name());
  command->add_option("--mode", options->mode, "Whether less or more of it is better")
      ->check(CLI::IsMember({"min", "max"}));
  command
      ->add_option("--tolerance", options->tolerance,
                   "How much worse is no regression: 0.002, or 1% of the baseline")
      ->capture_default_str();
  command
      ->add_option("--p", options->p,
                   "Between sweeps: how likely chance alone may make the difference")
      ->check(CLI::Range(1e-12, 0.5))
      ->capture_default_str();
  add_database(*command, options->database);
  command->add_flag("--json", options->json, "The verdict as an object");
  command->callback([options, &chosen] { chosen = [options] { return gate(*options); }; });
}

}  // namespace runner
