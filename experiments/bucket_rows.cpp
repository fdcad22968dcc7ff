#include "experiments/bucket_rows.hpp"

namespace runner {
void read_level(const Database& database, std::int64_t series_id, std::int64_t level,
                StepRange steps, const std::function<void(const Bucket&)>& take) {
  if (level == 0)
    return for_each_point(
        database, series_id,
        [&](const MetricPoint& point) {
          take(Bucket::of(point.step, point.epoch, point.value, point.time));
        },
        steps);
  auto row = database.prepare(
      "SELECT first_step, last_step, epoch, time, count, numbers, sum, min, max FROM levels"
      " WHERE series_id = ?1 AND level = ?2 AND first_step BETWEEN ?3 AND ?4 AND last_step <= ?4"
      " ORDER BY first_step");
  row.with(series_id, level, steps.first, steps.last);
  while (row.step())
    take({row.integer(0), row.integer(1), row.real(2), row.integer(3), row.integer(4),
          row.integer(5), row.real(6), row.real(7), row.real(8)});
}

std::int64_t last_step_of_level(const Database& database, std::int64_t series_id,
                                std::int64_t level) {
  auto row = database.prepare(
      "SELECT last_step FROM levels WHERE series_id = ? AND level = ? ORDER BY first_step DESC"
      " LIMIT 1");
  return row.with(series_id, level).step() ? row.integer(0) : -1;
}

}  // namespace runner
