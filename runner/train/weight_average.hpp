#pragma once

#include "registry/models/network.hpp"
#include "registry/parallel/strategy.hpp"
#include "registry/state.hpp"

#include <optional>
#include <vector>

namespace runner {

/// An exponential moving average of the weights, as torch.optim.swa_utils.AveragedModel with
/// get_ema_multi_avg_fn has it: the weights after the first step, then average = decay * average +
/// (1 - decay) * weights after each. Buffers are not averaged.
class WeightAverage {
 public:
  /// Without a decay there is no average, and nothing costs anything.
  WeightAverage(std::optional<double> decay, Network& network);

  bool exists() const { return decay_.has_value(); }
  /// After this step of the run, counted from 1.
  void update(std::int64_t step);
  /// The averages are the weights as they are now.
  void restart();

  /// Exchanges the network's weights with their averages: twice is as before.
  void swap();

  /// In full, under the parameters' names.
  void visit_state(StateVisitor& visitor, const Strategy& strategy) const;

 private:
  std::optional<double> decay_;
  std::vector<std::string> names_;
  std::vector<at::Tensor> weights_, averages_;
};

/// Has the averages in the network while it lives.
class AveragedWeights {
 public:
  explicit AveragedWeights(WeightAverage& average) : average_(average) { average_.swap(); }
  ~AveragedWeights() { average_.swap(); }
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;

 private:
  WeightAverage& average_;
};

}  // namespace runner
