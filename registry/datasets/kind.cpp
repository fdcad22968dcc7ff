#include "registry/datasets/catalog.hpp"
#include "registry/kinds.hpp"

namespace runner {

Kind dataset_kind() {
  return {"dataset", "the samples to train and to evaluate on", "", Datasets::describe()};
}

}  // namespace runner
