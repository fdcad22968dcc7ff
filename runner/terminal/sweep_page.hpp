#pragma once

#include "runner/answers/answers.hpp"

#include <string>

namespace runner {

/// What is known of a sweep: its best cells over their seeds, what its parameters matter, what
/// failed. `most` cells are shown; 0: all.
std::string sweep_page(const SweepAnswers& answers, int width, std::size_t most);

Json sweep_json(const SweepAnswers& answers);

}  // namespace runner
