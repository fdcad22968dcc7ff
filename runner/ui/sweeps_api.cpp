#include "experiments/sweeps.hpp"
#include "experiments/trials.hpp"
#include "runner/answers/answers.hpp"
#include "runner/terminal/sweep_page.hpp"
#include "runner/ui/api.hpp"

namespace runner::ui {

Json sweeps(const Call& call) {
  auto all = Json::array();
  for (const auto& sweep : read_sweeps(call.database)) {
    const Trials trials(call.database, sweep.id);
    all.push_back({{"id", sweep.id},
                   {"name", sweep.name},
                   {"started", sweep.started},
                   {"wanted", sweep.wanted},
                   {"trials", trials.count()},
                   {"done", trials.count(TrialStatus::done)},
                   {"running", trials.count(TrialStatus::running)},
                   {"failed", trials.count(TrialStatus::failed)},
                   {"metric", sweep.metric},
                   {"mode", mode_of(goal_of(sweep.metric, sweep.mode))}});
  }
  return {{"sweeps", std::move(all)}};
}

Json sweep(const Call& call) {
  if (!sweep_of(call.database, call.id)) throw NotFound("no sweep '" + call.id + "'");
  const auto mode = call.query.optional_text("mode");
  if (mode && *mode != "min" && *mode != "max") throw UserError("mode: expected min or max");
  return sweep_json(read_answers(call.database, call.id, call.query.optional_text("metric"), mode));
}

}  // namespace runner::ui
