#pragma once

#include "registry/description.hpp"
#include "runner/train/trainer.hpp"

namespace runner {

/// Makes steps and writes what came of them, for `runner verify`: doubles in host order; for each
/// step the loss and all gradients, and at the end all weights. `probe` is {steps, file}; rank 0
/// writes.
Finished probe(Trainer& trainer, const Json& probe, const Ranks& ranks);

}  // namespace runner
