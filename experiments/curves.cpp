#include "experiments/curves.hpp"

#include "experiments/bucket_rows.hpp"

#include <algorithm>
#include <optional>

namespace runner {
namespace {

struct Extent {
  std::int64_t series;
  StepRange part, whole;
  std::int64_t count;  ///< points of the whole series
};

std::int64_t length(StepRange steps) { return steps.last - steps.first + 1; }

std::optional<Extent> extent_of(const Database& database, std::string_view run_id,
                                std::string_view metric, const CurveRequest& request) {
  auto series = database.prepare(
      "SELECT id, (SELECT min(step) FROM points WHERE series_id = id AND step >= ?3),"
      " (SELECT max(step) FROM points WHERE series_id = id AND step <= ?4),"
      " (SELECT min(step) FROM points WHERE series_id = id), last_step, count"
      " FROM series WHERE run_id = ?1 AND name = ?2 AND count > 0");
  series.with(run_id, metric, request.first_step, request.last_step);
  if (!series.step() || series.is_null(1) || series.is_null(2)) return std::nullopt;
  return Extent{series.integer(0),
                {series.integer(1), series.integer(2)},
                {series.integer(3), series.integer(4)},
                series.integer(5)};
}

/// The level whose buckets are the largest that are no larger than what is wanted; 0: the points.
std::int64_t level_for(const Extent& extent, std::int64_t width) {
  const auto density =
      static_cast<double>(extent.count) / static_cast<double>(length(extent.whole));
  std::int64_t level = 0;
  for (auto points = density * static_cast<double>(width); points >= points_of_bucket;
       points /= points_of_bucket)
    ++level;
  return level;
}

/// Sums up a part of a series by steps.
class Sums {
 public:
  Sums(const Database& database, std::int64_t series, StepRange steps, std::int64_t width)
      : database_(database), series_(series), start_(steps.first), width_(width) {}

  /// By the buckets of a level, which have no gaps between them, and at the ends, where they do not
  /// reach or reach too far, by those of the levels below.
  void read(StepRange steps, std::int64_t level) {
    if (steps.first > steps.last) return;
    if (level == 0) return read_level(database_, series_, 0, steps, [&](auto& one) { add(one); });
    auto next = steps.first;
    read_level(database_, series_, level, steps, [&](const Bucket& bucket) {
      if (next == steps.first) read({next, bucket.first_step - 1}, level - 1);
      add(bucket);
      next = bucket.last_step + 1;
    });
    read({next, steps.last}, level - 1);
  }

  std::vector<CurvePoint> curve() const {
    std::vector<CurvePoint> curve;
    curve.reserve(sums_.size());
    for (const auto& sum : sums_)
      curve.push_back(
          {sum.last_step, sum.epoch, sum.time, sum.count, sum.mean(), sum.min, sum.max});
    return curve;
  }

 private:
  std::int64_t place(const Bucket& bucket) const { return (bucket.last_step - start_) / width_; }

  void add(const Bucket& bucket) {
    if (sums_.empty() || place(bucket) != place(sums_.back())) sums_.emplace_back();
    sums_.back().append(bucket);
  }

  const Database& database_;
  std::int64_t series_, start_, width_;
  std::vector<Bucket> sums_;
};

}  // namespace

std::vector<CurvePoint> read_curve(const Database& database, std::string_view run_id,
                                   std::string_view metric, const CurveRequest& request) {
  const auto extent = extent_of(database, run_id, metric, request);
  if (!extent || length(extent->part) <= 0) return {};
  const auto wanted = std::max<std::int64_t>(1, request.points);
  const auto width = std::max<std::int64_t>(1, (length(extent->part) + wanted - 1) / wanted);
  Sums sums(database, extent->series, extent->part, width);
  sums.read(extent->part, level_for(*extent, width));
  return sums.curve();
}

}  // namespace runner
