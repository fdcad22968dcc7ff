#pragma once

#include "registry/description.hpp"

#include <cstdint>
#include <string>

namespace runner {

/// How a rank failed.
enum class FailureKind {
  agreed,     ///< all ranks came to the same end, such as a loss that is NaN
  exception,  ///< it threw; `cause` is the text
  symptom,    ///< it threw because another rank went away
  died,       ///< `cause` continues a sentence about it: "was killed by SIGKILL (Killed) at step 9"
  mistake,    ///< it cannot do what the user asks for; `cause` says why
};

/// Why a rank ended a run.
struct Failure {
  FailureKind kind = FailureKind::died;
  int rank = 0;
  std::string host;
  std::int64_t step = 0;  ///< optimizer steps that it had completed
  std::string cause;
};

Json to_json(const Failure& failure);
Failure failure_from_json(const Json& json);

/// "rank 1 on node2 was killed by SIGKILL (Killed) at step 17", "rank 1 on node2 failed at step 17:
/// ..."; alone, there is only "the worker".
std::string describe(const Failure& failure, int world_size);

}  // namespace runner
