#include "registry/schedulers/step.hpp"

#include <cmath>

namespace runner {

Schedule build(const Step& options) {
  return [options](const Progress& progress) {
    const auto completed = options.interval == "epoch" ? progress.epoch : progress.step;
    const auto changes = completed / options.step_size;
    return std::pow(options.gamma, static_cast<double>(changes));
  };
}

}  // namespace runner
