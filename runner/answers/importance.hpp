#pragma once

#include "runner/answers/trial_table.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace runner {

/// What a parameter explains by itself; several have one share where a matrix varies them together,
/// as with zip.
struct ParameterShare {
  std::vector<std::string> paths;
  double share;

  /// "optimizer.lr, train.batch_size"
  std::string name() const;
};

/// Of the metric's variance over a sweep, the shares that come from each parameter by itself and
/// from chance.
struct Importance {
  std::vector<ParameterShare> shares;  ///< the greatest first
  double noise = 0;  ///< between trials that are alike but for `seed`; 0 where no two are

  /// From parameters together; and what too few trials do not tell apart.
  double rest() const;
};

/// Functional analysis of variance over a forest of random trees (Hutter, Hoos and Leyton-Brown,
/// "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014). The space is what
/// was tried: each value of a parameter that any trial has weighs the same, however often it was
/// tried and however far it is from the next. Of a full grid with equally many seeds in each cell
/// the shares are exactly those of the classical analysis of variance (eta squared).
/// Parameters of a matrix of which one is known where the other is, have one share.
/// Parameters that have one value only are not among the shares; trials without a value are passed
/// over. The same trials give the same shares on any machine.
/// None where fewer than two trials have values, all have the same one, or they are too large to
/// be squared.
std::optional<Importance> importance(std::span<const SweepTrial> trials);

}  // namespace runner
