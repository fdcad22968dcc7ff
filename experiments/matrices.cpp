#include "experiments/matrices.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

/// "5, 10, 15", of which the middle is left out where there are many.
std::string listed(const std::vector<std::int64_t>& steps) {
  constexpr std::size_t most = 6;
  if (steps.size() <= most) return fmt::format("{}", fmt::join(steps, ", "));
  return fmt::format("{}, ..., {}", fmt::join(steps.begin(), steps.begin() + most - 1, ", "),
                     steps.back());
}

std::string what_there_is(const Database& database, const std::string& run_id,
                          const std::string& name) {
  for (const auto& matrix : read_matrix_steps(database, run_id))
    if (matrix.name == name) return fmt::format("are those of steps {}", listed(matrix.steps));
  return "is none: its recipe's eval.metrics must name confusion_matrix";
}

}  // namespace

std::vector<MatrixSteps> read_matrix_steps(const Database& database, std::string_view run_id) {
  auto row =
      database.prepare("SELECT name, step FROM matrices WHERE run_id = ? ORDER BY name, step");
  row.with(run_id);
  std::vector<MatrixSteps> all;
  while (row.step()) {
    if (all.empty() || all.back().name != row.text(0)) all.push_back({row.text(0), {}});
    all.back().steps.push_back(row.integer(1));
  }
  return all;
}

CountMatrix read_matrix(const Database& database, const std::string& run_id,
                        const std::string& name, std::optional<std::int64_t> step) {
  auto row = database.prepare(
      "SELECT step, epoch, counts, time FROM matrices WHERE run_id = ?1 AND name = ?2"
      " AND (?3 IS NULL OR step = ?3) ORDER BY step DESC LIMIT 1");
  if (!row.with(run_id, name, step).step())
    throw UserError(fmt::format("run {} has no {}{}; there {}", run_id, name,
                                step ? fmt::format(" of step {}", *step) : "",
                                what_there_is(database, run_id, name)));
  return {name, row.integer(0), row.real(1), nlohmann::json::parse(row.text(2)), row.integer(3)};
}

void write_matrix(const Database& database, const std::string& run_id, const CountMatrix& matrix) {
  database.prepare("INSERT OR REPLACE INTO matrices VALUES (?, ?, ?, ?, ?, ?)")
      .with(run_id, matrix.name, matrix.step, matrix.epoch, nlohmann::json(matrix.counts).dump(),
            matrix.time)
      .run();
}

}  // namespace runner
