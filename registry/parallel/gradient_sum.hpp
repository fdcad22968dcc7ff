#pragma once

#include "registry/parallel/ranks.hpp"

#include <memory>
#include <string>

#include <torch/csrc/distributed/c10d/comm.hpp>

namespace runner {

/// What the Reducer does with a full bucket: adds it up over ranks. Without a hook of our own it
/// would take the mean, which weighs ranks with fewer samples wrongly. `compression` is the number
/// format that fp32 gradients travel in: "none", "bf16" or "fp16".
std::unique_ptr<c10d::CommHookInterface> gradient_sum(const Ranks& ranks,
                                                      const std::string& compression);

}  // namespace runner
