#include "runner/train/step_graph.hpp"

#include <exception>
#include <utility>

#include <ATen/ATen.h>

namespace runner {
namespace {

/// LibTorch adds where in its code it was.
std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace

StepGraph::StepGraph(std::unique_ptr<DeviceGraph> graph, c10::Device device, Step step)
    : graph_(std::move(graph)), inputs_(device), step_(std::move(step)) {}

Stepped StepGraph::run() {
  constexpr int warm_up = 3;
  switch (stage_) {
    case Stage::warm_up:
      return ++steps_ > warm_up ? capture() : step_.work();
    case Stage::captured:
      return compare();
    case Stage::trusted:
      return replay();
    case Stage::given_up:
      break;
  }
  return step_.work();
}

/// The step itself is done without the graph, from the same state: while it is captured the host
/// counts it, too, but the device does nothing.
Stepped StepGraph::capture() {
  try {
    const StateCopy before(step_.visit);
    stage_ = Stage::captured;
    try {
      const StepInputs::Scope scope(inputs_);
      graph_->capture([&] { stepped_ = step_.work(); });
    } catch (const std::exception& error) {
      give_up(first_line(error));
    }
    before.restore(step_.visit);
  } catch (const std::exception& error) {
    give_up(first_line(error));  // no memory for a copy
  }
  step_.seed();
  return step_.work();
}

Stepped StepGraph::compare() {
  std::unique_ptr<StateCopy> before, expected;
  try {
    before = std::make_unique<StateCopy>(step_.visit);
    expected = std::make_unique<StateCopy>(step_.visit);
  } catch (const std::exception& error) {
    give_up(first_line(error));  // no memory for copies
    return step_.work();
  }
  auto without = step_.work();
  expected->take(step_.visit);
  before->restore(step_.visit);
  step_.seed();
  auto with = replay();
  const auto difference = expected->difference(step_.visit, *before);
  if (difference.empty()) {
    stage_ = Stage::trusted;
    return with;
  }
  expected->restore(step_.visit);
  give_up(difference + " came out otherwise with it");
  return without;
}

Stepped StepGraph::replay() {
  step_.repeat();
  inputs_.refill();
  graph_->replay();
  // The next step overwrites it, and losses are looked at later.
  return {stepped_.loss_sum.clone(), stepped_.gradient_norm};
}

void StepGraph::give_up(const std::string& reason) {
  stage_ = Stage::given_up;
  step_.tell_of_failure(reason);
}

}  // namespace runner
