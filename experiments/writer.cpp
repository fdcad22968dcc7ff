#include "experiments/writer.hpp"

#include "experiments/location.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace runner {

namespace {

// Rows of one INSERT: takes a quarter less time than one at a time.
constexpr std::size_t many = 32;

std::string insert_rows(std::size_t rows) {
  std::string sql =
      "INSERT OR REPLACE INTO points (series_id, step, epoch, value, time) VALUES (?, ?, ?, ?, ?)";
  for (std::size_t row = 1; row < rows; ++row) sql += ", (?, ?, ?, ?, ?)";
  return sql;
}

void run(Statement& insert, std::int64_t series_id, std::span<const SeriesPoint> points) {
  int parameter = 0;
  for (const auto& point : points) {
    insert.bind(++parameter, series_id);
    insert.bind(++parameter, point.step);
    insert.bind(++parameter, point.epoch);
    insert.bind(++parameter, point.value);
    insert.bind(++parameter, point.time);
  }
  insert.run();
}

}  // namespace

Writer::Writer(const Database& database, std::string run_id)
    : database_(database),
      run_id_(std::move(run_id)),
      insert_one_(database.prepare(insert_rows(1))),
      insert_many_(database.prepare(insert_rows(many))),
      insert_bucket_(Levels::prepare_insert(database)) {}

void Writer::add_series(const std::string& metric) {
  auto insert = database_.prepare(
      "INSERT INTO series (run_id, name) VALUES (?, ?) ON CONFLICT DO UPDATE SET name = name"
      " RETURNING id, count, last_step, last_value, min_value, max_value");
  insert.with(run_id_, metric).step();
  series_.push_back({insert.integer(0), insert.integer(1), insert.optional_integer(2),
                     insert.real(3), insert.real(4), insert.real(5),
                     Levels(database_, insert_bucket_, insert.integer(0))});
}

void Writer::write(std::span<SeriesPoint> points) {
  const auto place = [](const SeriesPoint& point) { return std::pair(point.series, point.step); };
  const auto same = [&](const SeriesPoint& a, const SeriesPoint& b) {
    return place(a) == place(b);
  };
  std::ranges::stable_sort(points, {}, place);
  // From the back, so that the last of its equals is the one that is kept.
  const auto kept = std::unique(points.rbegin(), points.rend(), same) - points.rbegin();
  points = points.last(static_cast<std::size_t>(kept));
  while (!points.empty()) {
    const auto others = std::ranges::find_if_not(
        points, [number = points.front().series](const SeriesPoint& point) {
          return point.series == number;
        });
    const auto count = static_cast<std::size_t>(others - points.begin());
    write_series(series_[points.front().series], points.first(count));
    points = points.subspan(count);
  }
}

void Writer::write_series(Series& series, std::span<const SeriesPoint> points) {
  const bool goes_back = series.last_step && points.front().step <= *series.last_step;
  insert(series.id, points);
  series.count += static_cast<std::int64_t>(points.size());
  series.last_step = points.back().step;
  series.last = points.back().value;
  for (const auto& point : points) {
    // fmin and fmax pass over a NaN.
    series.min = std::fmin(series.min, point.value);
    series.max = std::fmax(series.max, point.value);
  }
  if (goes_back) {
    recount(series);
    series.levels.rewrite_from(points.front().step);
  } else {
    for (const auto& point : points)
      series.levels.add(Bucket::of(point.step, point.epoch, point.value, point.time));
  }
  save(series);
}

void Writer::insert(std::int64_t series_id, std::span<const SeriesPoint> points) {
  for (; points.size() >= many; points = points.subspan(many))
    run(insert_many_, series_id, points.first(many));
  for (const auto& point : points) run(insert_one_, series_id, std::span(&point, 1));
}

void Writer::recount(Series& series) {
  auto select = database_.prepare(
      "SELECT count(*), min(value), max(value), max(step) FROM points WHERE series_id = ?");
  select.with(series.id).step();
  series.count = select.integer(0);
  series.min = select.real(1);
  series.max = select.real(2);
  series.last_step = select.integer(3);
  auto last = database_.prepare("SELECT value FROM points WHERE series_id = ? AND step = ?");
  last.with(series.id, *series.last_step).step();
  series.last = last.real(0);
}

void Writer::save(const Series& series) {
  database_
      .prepare(
          "UPDATE series SET count = ?2, last_step = ?3, last_value = ?4, min_value = ?5, "
          "max_value = ?6"
          " WHERE id = ?1")
      .with(series.id, series.count, series.last_step, series.last, series.min, series.max)
      .run();
}

void Writer::add(const Checkpoint& checkpoint) {
  database_.prepare("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .with(run_id_, checkpoint.step, checkpoint.epoch,
            stored_place(database_.file(), checkpoint.folder), checkpoint.files, checkpoint.bytes,
            checkpoint.measured, checkpoint.time)
      .run();
}

void Writer::end(Status status, std::string_view reason, std::int64_t time) {
  const auto text = reason.empty() ? std::nullopt : std::optional<std::string_view>(reason);
  database_.prepare("UPDATE runs SET status = ?2, reason = ?3, ended = ?4 WHERE id = ?1")
      .with(run_id_, to_text(status), text, time)
      .run();
}

}  // namespace runner
