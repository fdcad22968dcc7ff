#include "registry/kinds.hpp"
#include "registry/schedulers/catalog.hpp"

namespace runner {

Kind scheduler_kind() {
  return {"scheduler", "how the learning rate changes", "constant", Schedulers::describe()};
}

}  // namespace runner
