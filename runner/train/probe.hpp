#pragma once

#include "runner/train/trainer.hpp"

namespace runner {

/// Makes steps and writes what came of them, for `runner verify`: doubles in host order; for each
/// step the loss and all gradients, and at the end all weights. Rank 0 writes.
void probe(Trainer& trainer, const protocol::Probe& wanted, const Ranks& ranks);

}  // namespace runner
