#include "registry/schedulers/schedule.hpp"

#include "registry/schedulers/catalog.hpp"

namespace runner {

std::unique_ptr<Schedule> build_schedule(const Json& component, const Length& length) {
  return Schedulers::visit<std::unique_ptr<Schedule>>(component, [&](const auto& options) {
    const auto rest = after(options.warm_up, length);
    return warmed_up(options.warm_up, length, rest, build(options, rest));
  });
}

}  // namespace runner
