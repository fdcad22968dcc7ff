#include "runner/train/probe.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <ATen/ATen.h>

namespace runner {
namespace {

void write(std::ofstream& out, const at::Tensor& tensor) {
  if (!out.is_open()) return;  // of all ranks, one writes
  const auto values = tensor.detach().to(at::kCPU, at::kDouble).contiguous();
  out.write(static_cast<const char*>(values.const_data_ptr()),
            static_cast<std::streamsize>(values.nbytes()));
}

}  // namespace

void probe(Trainer& trainer, const protocol::Probe& wanted, const Ranks& ranks) {
  std::ofstream out;
  if (ranks.rank() == 0) out.open(wanted.file, std::ios::binary);
  const auto& strategy = trainer.strategy();
  const auto parameters = trainer.network().named_parameters();
  // Around the end of an epoch, where the last batch is smaller.
  trainer.start_at(std::max<std::int64_t>(0, trainer.length().steps_per_epoch() - 2));
  for (std::int64_t i = 0; i < wanted.steps; ++i) {
    trainer.step();
    write(out, at::scalar_tensor(trainer.last_loss(), at::kDouble));
    for (const auto& [name, tensor] : parameters.pairs()) {
      const auto& gradient = tensor.grad();
      write(out,
            strategy.full_tensor({name, gradient.defined() ? gradient : at::zeros_like(tensor)}));
    }
  }
  for (const auto& [name, tensor] : parameters.pairs())
    write(out, strategy.full_tensor({name, tensor}));
  out.flush();
  if (ranks.rank() == 0 && !out) throw std::runtime_error("cannot write the probe's file");
}

}  // namespace runner
