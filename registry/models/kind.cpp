#include "registry/kinds.hpp"
#include "registry/models/catalog.hpp"

namespace runner {

Kind model_kind() { return {"model", "the network that is trained", "", Models::describe()}; }

}  // namespace runner
