#include "experiments/run.hpp"

#include <array>

namespace runner {

std::string_view to_text(Status status) {
  constexpr std::array<std::string_view, 6> texts = {"queued", "running",     "done",
                                                     "failed", "interrupted", "crashed"};
  return texts.at(static_cast<std::size_t>(status));
}

}  // namespace runner
