#include "registry/schedulers/step.hpp"

#include <cmath>

namespace runner {

Schedule build(const Step& options) {
  return [options](const Progress& progress) {
    const auto completed = options.interval == "epoch" ? progress.epoch : progress.step;
    return std::pow(options.gamma, static_cast<double>(completed / options.step_size));
  };
}

}  // namespace runner
