#pragma once

#include "experiments/levels.hpp"
#include "experiments/recorder.hpp"
#include "experiments/sqlite.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// Writes a run's points into the database and keeps each metric's count, last, least and greatest
/// value, and the summaries of its curve, beside them. For use inside a transaction.
class Writer {
 public:
  Writer(const Database& database, std::string run_id);

  /// A metric's name; the first has number 0.
  void add_series(const std::string& metric);
  /// Sorts `points` on the way. Of two points for one step the later one stays.
  void write(std::span<SeriesPoint> points);
  void add(const Checkpoint& checkpoint);
  void end(Status status, std::string_view reason, std::int64_t time);

 private:
  struct Series {
    std::int64_t id;
    std::int64_t count;
    std::optional<std::int64_t> last_step;
    double last;
    double min;
    double max;
    Levels levels;
  };

  void write_series(Series& series, std::span<const SeriesPoint> points);
  void insert(std::int64_t series_id, std::span<const SeriesPoint> points);
  void recount(Series& series);
  void save(const Series& series);

  const Database& database_;
  const std::string run_id_;
  Statement insert_one_;
  Statement insert_many_;
  Statement insert_bucket_;
  std::vector<Series> series_;
};

}  // namespace runner
