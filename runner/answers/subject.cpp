#include "runner/answers/subject.hpp"

#include "experiments/reference.hpp"
#include "experiments/sweeps.hpp"

namespace runner {

Subject find_subject(const Database& database, const std::string& reference) {
  if (reference != "last" && !reference.empty())
    if (const auto sweep = sweep_of(database, reference)) return {sweep->id, true};
  return {find_run(database, reference), false};
}

}  // namespace runner
