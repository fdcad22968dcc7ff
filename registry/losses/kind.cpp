#include "registry/kinds.hpp"
#include "registry/losses/catalog.hpp"

namespace runner {

Kind loss_kind() { return {"loss", "what training makes small", "", Losses::describe()}; }

}  // namespace runner
