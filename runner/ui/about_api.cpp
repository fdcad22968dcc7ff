#include "runner/ui/api.hpp"

namespace runner::ui {

Json about(const Call& call) {
  return {{"version", RUNNER_VERSION},
          {"libtorch", RUNNER_LIBTORCH},
          {"database", call.database.file().string()},
          {"read_only", call.read_only || call.database.read_only()}};
}

}  // namespace runner::ui
