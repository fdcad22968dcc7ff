#pragma once

#include "registry/interval.hpp"
#include "registry/state.hpp"

#include <optional>

namespace runner {

/// How far a training has come after a step, and what the step added.
struct Moment {
  std::int64_t step = 0;
  std::int64_t samples = 0;
  std::int64_t batch = 0;  ///< samples of the step
  std::int64_t epoch = 0;  ///< whole epochs
  bool ends_epoch = false;
  double seconds = 0;  ///< of training, as all ranks have agreed on
};

/// Whether it is time again for something that happens every so often.
class Due {
 public:
  explicit Due(std::optional<Interval> every) : every_(every) {}

  /// Asked after every step.
  bool operator()(const Moment& now);
  void visit_state(const std::string& name, StateVisitor& visitor);

 private:
  std::optional<Interval> every_;
  double last_ = 0;  ///< seconds, when it was last due; for times alone
};

}  // namespace runner
