#include "registry/target.hpp"

#include "registry/data/sample_type.hpp"
#include "registry/losses/catalog.hpp"
#include "registry/metrics/catalog.hpp"

namespace runner {
namespace {

template <class Components>
Target target_in(const Json& component) {
  // The name is enough: the fields of a recipe that is being checked may be wrong.
  const Json name{{"name", component.at("name")}};
  return Components::template visit<Target>(name, []<class Options>(const Options&) {
    if constexpr (requires { Options::target; })
      return Options::target;
    else
      return Target::classes;
  });
}

}  // namespace

Target target_of_dataset(const SampleType& type) {
  const auto* target = type.target();
  return target && target->meaning == Meaning::numbers ? Target::numbers : Target::classes;
}

Target target_of_loss(const Json& component) { return target_in<Losses>(component); }
Target target_of_metric(const Json& component) { return target_in<Metrics>(component); }

}  // namespace runner
