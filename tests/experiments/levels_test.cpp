#include "experiments/curves.hpp"
#include "tests/experiments/fixture.hpp"

#include <cmath>
#include <limits>

using namespace runner;

namespace {

/// A run with one metric, which is written in parts.
struct Curve {
  TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  std::string id = store.begin(example_run());

  static double value(std::int64_t step) {
    return step % 97 == 0 ? std::numeric_limits<double>::quiet_NaN()
                          : std::sin(static_cast<double>(step)) * 100;
  }

  void record(std::int64_t first, std::int64_t last, std::int64_t every = 1, double plus = 0) {
    Recorder recorder(folder.database(), id);
    for (auto step = first; step <= last; step += every) {
      recorder.record("train/loss", step, static_cast<double>(step) / 100, value(step) + plus,
                      1000 * step);
      if (step % 1000 == 0) recorder.flush();
    }
    recorder.flush();
  }

  std::int64_t count(const std::string& sql) { return store.database().integer(sql); }

  /// Each bucket is what a query over its points says.
  void check_levels() {
    CHECK(count("SELECT count(*) FROM levels l WHERE (count, numbers, min, max, time, epoch) IS NOT"
                " (SELECT count(*), count(value), min(value), max(value), max(time), max(epoch)"
                " FROM points WHERE series_id = l.series_id"
                " AND step BETWEEN l.first_step AND l.last_step)") == 0);
    CHECK(count("SELECT count(*) FROM levels l WHERE abs(sum - (SELECT total(value) FROM points"
                " WHERE series_id = l.series_id AND step BETWEEN l.first_step AND l.last_step))"
                " > 1e-6") == 0);
    const auto points = count("SELECT count(*) FROM points");
    CHECK(count("SELECT count(*) FROM levels WHERE level = 1") == points / 32);
    CHECK(count("SELECT count(*) FROM levels WHERE level = 2") == points / 1024);
    CHECK(count("SELECT count(*) FROM levels WHERE level = 3") == points / 32768);
  }
};

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 1e-9 * std::abs(a);
}

}  // namespace

TEST_CASE("32 points make a bucket, and 32 buckets one of the next level") {
  Curve curve;
  curve.record(1, 40'000);
  curve.check_levels();
  CHECK(curve.count("SELECT max(level) FROM levels") == 3);
}

TEST_CASE("summaries go on where a process left them") {
  Curve curve;
  for (std::int64_t first = 1; first < 3000; first += 77) curve.record(first, first + 76);
  curve.check_levels();
}

TEST_CASE("summaries follow points that are replaced, or taken back when a run resumes") {
  Curve curve;
  curve.record(1, 5000);
  SUBCASE("replaced") { curve.record(2000, 3000, 1, 1000); }
  SUBCASE("taken back") {
    Recorder(curve.folder.database(), curve.id).finish(Status::interrupted);
    curve.store.start(curve.id, example_run(), 2500);
    curve.check_levels();
    curve.record(2501, 4000, 1, 1000);
  }
  curve.check_levels();
  CHECK(curve.count("SELECT max(max_value) > 1000 FROM series") == 1);
}

TEST_CASE("a curve of summaries has every point in it, and the extremes where they are") {
  Curve curve;
  curve.record(10, 400'000, 10);
  const auto& database = curve.store.database();
  const auto drawn = read_curve(database, curve.id, "train/loss", {0, INT64_MAX, 100});
  CHECK(drawn.size() <= 100);
  std::int64_t count = 0;
  double least = 0;
  for (const auto& point : drawn) {
    count += point.count;
    least = std::fmin(least, point.min);
  }
  CHECK(count == 40'000);
  auto series = database.prepare("SELECT min_value FROM series");
  REQUIRE(series.step());
  CHECK(least == series.real(0));
  CHECK(drawn.back().step == 400'000);
  CHECK(std::ranges::is_sorted(drawn, {}, &CurvePoint::step));
}

TEST_CASE("a curve without summaries, from an older version, is the same") {
  Curve curve;
  curve.record(1, 20'000);
  const CurveRequest request{3'333, 17'777, 50};
  const auto& database = curve.store.database();
  const auto by_levels = read_curve(database, curve.id, "train/loss", {1, 20'000, 1});
  database.execute("DELETE FROM levels");
  const auto by_points = read_curve(database, curve.id, "train/loss", {1, 20'000, 1});
  REQUIRE(by_levels.size() == by_points.size());
  CHECK(by_levels[0].count == by_points[0].count);
  CHECK(same(by_levels[0].min, by_points[0].min));
  CHECK(same(by_levels[0].max, by_points[0].max));
  CHECK(same(by_levels[0].mean, by_points[0].mean));
  SUBCASE("and has them once the run goes on") {
    curve.record(20'001, 20'100);
    curve.check_levels();
  }
  SUBCASE("a part of it holds the points of that part alone") {
    std::int64_t count = 0;
    for (const auto& point : read_curve(database, curve.id, "train/loss", request))
      count += point.count;
    CHECK(count == 17'777 - 3'333 + 1);
  }
}

TEST_CASE("a part of a long curve holds the points of that part alone") {
  Curve curve;
  curve.record(1, 100'000);
  std::int64_t count = 0;
  const auto part =
      read_curve(curve.store.database(), curve.id, "train/loss", {12'345, 98'765, 30});
  for (const auto& point : part) count += point.count;
  CHECK(count == 98'765 - 12'345 + 1);
  CHECK(part.back().step == 98'765);
}

TEST_CASE("summaries go with their run") {
  Curve curve;
  curve.record(1, 5000);
  curve.store.database().execute("DELETE FROM runs");
  CHECK(curve.count("SELECT count(*) FROM levels") == 0);
}
