#include "registry/kinds.hpp"
#include "registry/metrics/catalog.hpp"

namespace runner {

Kind metric_kind() {
  return {"metric", "what evaluations measure besides the loss and, of classes, the accuracy", "",
          Metrics::describe(), true};
}

}  // namespace runner
