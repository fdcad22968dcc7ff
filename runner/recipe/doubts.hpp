#pragma once

#include "runner/recipe/recipe.hpp"

#include <string>
#include <vector>

namespace runner {

/// What a recipe may say, but hardly means: a field that has no effect in a run of this length.
struct Doubt {
  std::string path;             ///< of the field
  std::string origin;           ///< "r.yaml:3:10"
  std::string message;          ///< what is so, and what follows from it
  bool trains_nothing = false;  ///< the run would leave the weights as they are
};

/// A warm-up longer than the run, `patience` without evaluations, a batch larger than the data.
std::vector<Doubt> doubts_of(const Recipe& recipe);

/// A line for each. Throws UserError where nothing would be trained.
std::vector<std::string> warnings_of(const std::vector<Doubt>& doubts);

/// Where a recipe's field is written; "default" where it is not.
std::string origin_of(const Recipe& recipe, const std::string& path);

/// With the place in a file before it; an argument is in sight.
std::string located(const std::string& origin, const std::string& message);

}  // namespace runner
