#pragma once

#include "experiments/recorder.hpp"
#include "experiments/store.hpp"
#include "tests/trust/fuzz/input.hpp"

#include <cmath>

namespace runner::fuzz {

/// A database with a few runs: settings of every type, metrics with odd names and values.
inline Store make_runs() {
  const auto file = folder().path() / "runs.db";
  auto store = Store::create_or_open(file);
  for (const auto* name : {"a", "b"}) {
    Run run;
    run.name = name;
    run.recipe_path = "mnist.yaml";
    run.config = "{}";
    run.settings = {{"model.name", std::string("mlp"), ""},
                    {"optimizer.lr", 0.1, ""},
                    {"batch size", std::int64_t{32}, ""},
                    {"train.shuffle", true, ""}};
    Recorder recorder(file, store.begin(run));
    for (std::int64_t step = 1; step < 4; ++step)
      for (const auto* metric : {"eval/accuracy", "val loss", "loss"})
        recorder.record(metric, step, 1, step == 2 ? std::nan("") : 1.0 / step);
    recorder.finish(Status::done);
  }
  return store;
}

}  // namespace runner::fuzz
