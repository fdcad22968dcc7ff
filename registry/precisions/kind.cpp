#include "registry/kinds.hpp"
#include "registry/precisions/catalog.hpp"

namespace runner {

Kind precision_kind() {
  return {"precision", "the number formats of the computation", "fp32", Precisions::describe()};
}

}  // namespace runner
