#include "runner/train/evaluation.hpp"

#include <algorithm>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

namespace runner {

Evaluation evaluate(Network& network, const Loss& loss, const Precision& precision,
                    const Batches& batches, std::int64_t batch_size) {
  const c10::InferenceMode no_autograd;
  network.eval();
  std::vector<at::Tensor> losses, correct;
  for (std::int64_t begin = 0; begin < batches.samples(); begin += batch_size) {
    const auto batch = batches.slice(begin, std::min(begin + batch_size, batches.samples()));
    const Autocast autocast(precision, batch.inputs.device().type());
    const auto output = network.forward(batch.inputs);
    losses.push_back(loss.sum(output, batch.targets));
    correct.push_back(output.argmax(1).eq(batch.targets).sum());
  }
  network.train();
  const auto total = at::stack(losses).to(at::kDouble).sum().item<double>();
  return {total / static_cast<double>(batches.samples()),
          at::stack(correct).sum().item<std::int64_t>(), batches.samples()};
}

}  // namespace runner
