#pragma once

#include "experiments/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// Counts of pairs at a step: `counts[true class][found class]` of an evaluation.
struct CountMatrix {
  std::string name;  ///< eval/confusion_matrix
  std::int64_t step = 0;
  double epoch = 0;
  std::vector<std::vector<std::int64_t>> counts;
  std::int64_t time = 0;
};

/// The matrices of one name that a run has.
struct MatrixSteps {
  std::string name;
  std::vector<std::int64_t> steps;
};

std::vector<MatrixSteps> read_matrix_steps(const Database& database, std::string_view run_id);

/// The matrix of a step, or the newest. Throws UserError, which says what there is, when there is
/// none.
CountMatrix read_matrix(const Database& database, const std::string& run_id,
                        const std::string& name, std::optional<std::int64_t> step);

/// Of two for one step the later one stays.
void write_matrix(const Database& database, const std::string& run_id, const CountMatrix& matrix);

}  // namespace runner
