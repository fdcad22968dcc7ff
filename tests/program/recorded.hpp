#pragma once

#include "experiments/recorder.hpp"
#include "experiments/store.hpp"
#include "tests/program/program.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace runner {

/// Puts a run into the folder's database as if it had trained: train/loss at every step and
/// eval/accuracy at every tenth, ten steps an epoch and a second each. Gives its id.
inline std::string record_run(const TemporaryDirectory& folder, const std::string& name, double lr,
                              int steps, const std::function<double(int step)>& loss) {
  const auto database = folder.path() / ".runner/experiments.db";
  Store store = Store::create_or_open(database);
  Run run;
  run.name = name;
  run.recipe_path = name + ".yaml";
  run.config = R"({"seed":1,"optimizer":{"name":"sgd","lr":0.1}})";
  run.settings = {{"name", name, "default"}, {"optimizer.lr", lr, "override"}};
  const auto id = store.begin(run);
  const auto started = now_ms();
  Recorder recorder(database, id);
  for (int step = 1; step <= steps; ++step) {
    recorder.record("train/loss", step, step / 10.0, loss(step), started + 1000 * step);
    if (step % 10 == 0)
      recorder.record("eval/accuracy", step, step / 10.0, 1 - loss(step) / 10,
                      started + 1000 * step);
  }
  recorder.finish(Status::done, "");
  return id;
}

}  // namespace runner
