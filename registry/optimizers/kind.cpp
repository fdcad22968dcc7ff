#include "registry/kinds.hpp"
#include "registry/optimizers/catalog.hpp"

namespace runner {

Kind optimizer_kind() {
  Kind kind{"optimizer", "how gradients change the weights", "", Optimizers::describe()};
  // An optimizer may be another one for some of the parameters, unless it needs all together.
  for (auto& optimizer : kind.components)
    if (!optimizer.updates_all)
      optimizer.fields.push_back(
          {"groups",
           "parameters by the pattern of their names, with their own fields, their own optimizer "
           "(name), or frozen: true; the first that matches counts",
           Type::groups,
           false,
           Json::array(),
           Anything{},
           {}});
  return kind;
}

}  // namespace runner
