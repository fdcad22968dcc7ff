#pragma once

#include "registry/optimizers/optimizer.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

struct Network;

/// Parameters that are updated alike.
struct ParameterGroup {
  std::string match;    ///< the recipe's pattern; empty for those that no pattern matches
  Json component;       ///< the optimizer {name, field...} that they get
  bool frozen = false;  ///< they are not updated at all
  std::vector<std::string> names;
  std::int64_t elements = 0;  ///< of all these parameters
};

/// Divides a network's parameters as `groups` of the optimizer's resolved component say: each goes
/// to the first pattern that matches its name (`*`, `?` and `[...]` as in a shell), the rest to the
/// optimizer as it stands. Throws FieldError for a pattern that matches none.
std::vector<ParameterGroup> group_parameters(const Json& component, const Network& network);

/// Takes the gradients away from the parameters of frozen groups.
void freeze(const std::vector<ParameterGroup>& groups, Network& network);

/// The optimizers of all groups, as one.
class GroupedOptimizer {
 public:
  /// `own`: the parameters that this rank updates, of any group.
  GroupedOptimizer(const std::vector<ParameterGroup>& groups, const std::vector<Parameter>& own);

  /// The learning rate of a group whose recipe says `base`.
  using Rate = std::function<double(double base)>;
  void step(const Rate& rate, const Optimizer::Closure& again);

  bool can_be_captured() const;
  /// The host's part in a captured step.
  void repeat(const Rate& rate);

  /// Of the parameters that no pattern matches, or else of the first group.
  double base_lr() const { return base_lr_; }
  void visit_state(StateVisitor& visitor);

 private:
  std::vector<std::unique_ptr<Optimizer>> optimizers_;
  double base_lr_ = 0;
};

}  // namespace runner
