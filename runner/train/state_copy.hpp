#pragma once

#include "registry/state.hpp"

#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// A copy of what visitors see, on the device where it is.
class StateCopy {
 public:
  using Visit = std::function<void(StateVisitor&)>;

  /// Of the state now.
  explicit StateCopy(const Visit& visit);
  /// Takes the state as it is now, into the same memory.
  void take(const Visit& visit);
  /// Brings it back, into the memory where it was.
  void restore(const Visit& visit) const;

  /// The name of the first part that is not now as it is here, to rounding, which is measured by
  /// how it has changed since `before`; empty when there is none.
  std::string difference(const Visit& visit, const StateCopy& before) const;

 private:
  class Taking;
  class Restoring;
  class Comparing;

  std::vector<at::Tensor> tensors_;  ///< in the order of the visit
  Json values_ = Json::object();
};

}  // namespace runner
