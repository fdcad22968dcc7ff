#include "experiments/points.hpp"

namespace runner {

void for_each_point(const Database& database, std::int64_t series_id,
                    const std::function<void(const MetricPoint&)>& use, StepRange steps) {
  auto row = database.prepare(
      "SELECT step, epoch, value, time FROM points WHERE series_id = ? AND step BETWEEN ? AND ?"
      " ORDER BY step");
  row.with(series_id, steps.first, steps.last);
  while (row.step()) use({row.integer(0), row.real(1), row.real(2), row.integer(3)});
}

}  // namespace runner
