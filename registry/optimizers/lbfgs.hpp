#pragma once

#include "registry/description.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989, as
/// torch.optim.LBFGS has it.
struct Lbfgs {
  static constexpr auto summary =
      "limited-memory BFGS: many evaluations of the same batch in each step; for large batches";
  static constexpr bool updates_all = true;
  static constexpr std::array refusals{
      Refusal{"topology", "zero1", "it needs the whole gradient and all the weights on every rank"},
      Refusal{"precision", "fp16-mixed",
              "evaluations within a step cannot be skipped where gradients overflow"},
  };

  double lr = 1;
  std::int64_t max_iter = 20;
  std::optional<std::int64_t> max_eval;
  double tolerance_grad = 1e-7;
  double tolerance_change = 1e-9;
  std::int64_t history_size = 100;
  std::optional<std::string> line_search_fn;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &Lbfgs::lr, "learning rate", at_least(0)),
        field("max_iter", &Lbfgs::max_iter, "most iterations in a step", at_least(1)),
        field("max_eval", &Lbfgs::max_eval,
              "most evaluations of the batch in a step; null: 1.25 max_iter", at_least(1)),
        field("tolerance_grad", &Lbfgs::tolerance_grad,
              "a step ends when no gradient is larger than this", at_least(0)),
        field("tolerance_change", &Lbfgs::tolerance_change,
              "a step ends when neither weights nor loss change by more than this", at_least(0)),
        field("history_size", &Lbfgs::history_size,
              "changes that are remembered; each takes the memory of the weights twice",
              at_least(1)),
        field("line_search_fn", &Lbfgs::line_search_fn,
              "how the length of a step is found; null: it is lr", one_of<"strong_wolfe">),
    };
  }
};

std::unique_ptr<Optimizer> build(const Lbfgs& options, std::vector<Parameter> parameters);

}  // namespace runner
