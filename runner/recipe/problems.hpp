#pragma once

#include "runner/recipe/source.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace runner {

/// One mistake of the user.
struct Problem {
  Place place;
  std::string message;  ///< what is wrong; what was expected
};

/// The mistakes of a recipe and its arguments, collected so that all are shown at once.
class Problems {
 public:
  /// What has been said of that place already is not said again.
  void add(Place place, std::string message);
  const std::vector<Problem>& all() const { return problems_; }
  bool empty() const { return problems_.empty(); }
  std::size_t size() const { return problems_.size(); }

  /// In the order of the text, each with its source line and a caret.
  std::string render() const;

 private:
  std::vector<Problem> problems_;
};

/// A recipe that cannot be run; what() is the rendered list of problems.
struct RecipeError : std::runtime_error {
  explicit RecipeError(const Problems& problems)
      : std::runtime_error(problems.render()), count(problems.size()) {}
  std::size_t count;
};

}  // namespace runner
