#include "registry/schedulers/schedule.hpp"

#include "registry/schedulers/catalog.hpp"

namespace runner {

Schedule build_schedule(const Json& component) {
  return Schedulers::visit<Schedule>(component, [](const auto& options) { return build(options); });
}

}  // namespace runner
