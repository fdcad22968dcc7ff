#include "experiments/writer.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace runner {

Writer::Writer(const Database& database, std::string run_id)
    : database_(database),
      run_id_(std::move(run_id)),
      insert_(database.prepare("INSERT OR REPLACE INTO points (series_id, step, epoch, value, time)"
                               " VALUES (?, ?, ?, ?, ?)")) {}

void Writer::add_series(const std::string& metric) {
  auto insert = database_.prepare(
      "INSERT INTO series (run_id, name) VALUES (?, ?) ON CONFLICT DO UPDATE SET name = name"
      " RETURNING id, count, last_step, last_value, min_value, max_value");
  insert.with(run_id_, metric).step();
  series_.push_back({insert.integer(0), insert.integer(1), insert.optional_integer(2),
                     insert.real(3), insert.real(4), insert.real(5)});
}

void Writer::write(std::span<Point> points) {
  const auto place = [](const Point& point) { return std::tuple(point.series, point.step); };
  // Stable, so that of two points for one step the later one stays.
  std::ranges::stable_sort(points, {}, place);
  for (auto first = points.begin(); first != points.end();) {
    const auto last = std::find_if(
        first, points.end(), [&](const Point& point) { return point.series != first->series; });
    write_series(series_[first->series], {first, last});
    first = last;
  }
}

void Writer::write_series(Series& series, std::span<const Point> points) {
  const bool goes_back = series.last_step && points.front().step <= *series.last_step;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point& point = points[i];
    if (i + 1 < points.size() && points[i + 1].step == point.step) continue;
    insert(series.id, point);
    ++series.count;
    // fmin and fmax pass over a NaN.
    series.min = std::fmin(series.min, point.value);
    series.max = std::fmax(series.max, point.value);
  }
  series.last_step = points.back().step;
  series.last = points.back().value;
  if (goes_back) recount(series);
  save(series);
}

void Writer::insert(std::int64_t series_id, const Point& point) {
  insert_.with(series_id, point.step, point.epoch, point.value, point.time).run();
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

void Writer::end(Status status, std::string_view reason, std::int64_t time) {
  const auto text = reason.empty() ? std::nullopt : std::optional<std::string_view>(reason);
  database_.prepare("UPDATE runs SET status = ?2, reason = ?3, ended = ?4 WHERE id = ?1")
      .with(run_id_, to_text(status), text, time)
      .run();
}

}  // namespace runner
