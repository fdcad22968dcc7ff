#pragma once

#include <string>
#include <vector>

namespace runner::complete {

/// A word that may be meant, and what it means.
struct Candidate {
  std::string text, about = {};
};

using Candidates = std::vector<Candidate>;

/// What a place can be filled with.
struct Answer {
  Candidates candidates = {};
  bool files = false;  ///< names of files, too, which the shell knows better
};

}  // namespace runner::complete
