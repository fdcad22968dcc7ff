#include "registry/kinds.hpp"
#include "registry/transforms/catalog.hpp"

namespace runner {

Kind transform_kind() {
  return {"transform", "what is done to a sample before the model has it", "",
          Transforms::describe(), true};
}

}  // namespace runner
