#include "experiments/curves.hpp"

#include <algorithm>
#include <optional>

namespace runner {
namespace {

struct Extent {
  std::int64_t series;
  std::int64_t first_step, last_step;
};

std::optional<Extent> extent_of(const Database& database, std::string_view run_id,
                                std::string_view metric, const CurveRequest& request) {
  auto series = database.prepare(
      "SELECT id, (SELECT min(step) FROM points WHERE series_id = id AND step >= ?3),"
      " (SELECT max(step) FROM points WHERE series_id = id AND step <= ?4)"
      " FROM series WHERE run_id = ?1 AND name = ?2 AND count > 0");
  series.with(run_id, metric, request.first_step, request.last_step);
  if (!series.step() || series.is_null(1) || series.is_null(2)) return std::nullopt;
  return Extent{series.integer(0), series.integer(1), series.integer(2)};
}

}  // namespace

std::vector<CurvePoint> read_curve(const Database& database, std::string_view run_id,
                                   std::string_view metric, const CurveRequest& request) {
  const auto extent = extent_of(database, run_id, metric, request);
  if (!extent || extent->first_step > extent->last_step) return {};
  const auto steps = extent->last_step - extent->first_step + 1;
  const auto width = std::max<std::int64_t>(
      1, (steps + request.points - 1) / std::max<std::int64_t>(1, request.points));
  // With a bare max(), SQLite takes the other columns from the row that has it.
  auto points = database.prepare(
      "SELECT max(step), epoch, time, count(*), avg(value), min(value), max(value) FROM points"
      " WHERE series_id = ?1 AND step BETWEEN ?2 AND ?3 GROUP BY (step - ?2) / ?4 ORDER BY 1");
  points.with(extent->series, extent->first_step, extent->last_step, width);
  std::vector<CurvePoint> curve;
  while (points.step())
    curve.push_back({points.integer(0), points.real(1), points.integer(2), points.integer(3),
                     points.real(4), points.real(5), points.real(6)});
  return curve;
}

}  // namespace runner
