#pragma once

#include "experiments/sqlite.hpp"

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace runner {

/// How many points of a series, or buckets of a level, make one of the next level.
constexpr std::int64_t points_of_bucket = 32;

/// Neighbouring points of a series as one. NaN values are in `count` only.
struct Bucket {
  std::int64_t first_step = 0, last_step = 0;
  double epoch = std::numeric_limits<double>::quiet_NaN();  ///< of the last, as is `time`
  std::int64_t time = 0;
  std::int64_t count = 0;    ///< points
  std::int64_t numbers = 0;  ///< of them, those that are no NaN
  double sum = 0;            ///< of the numbers
  double min = std::numeric_limits<double>::quiet_NaN();
  double max = std::numeric_limits<double>::quiet_NaN();

  static Bucket of(std::int64_t step, double epoch, double value, std::int64_t time);
  /// Takes in what comes after it.
  void append(const Bucket& later);
  double mean() const;
};

/// Keeps the summaries of one series, as its points are written: level 1 has one bucket for 32
/// points, each further level one for 32 buckets, so that any part of a curve is read from a few
/// thousand rows. A bucket is written once, when it is full; points at the end of a series are in
/// none yet. For use inside a transaction.
class Levels {
 public:
  /// Goes on with what is there, whatever has been deleted from its end. `insert` is the statement
  /// of `prepare_insert`, which all series of a writer share.
  Levels(const Database& database, Statement& insert, std::int64_t series_id);

  static Statement prepare_insert(const Database& database);

  /// The next point.
  void add(const Bucket& point) { add(1, point); }
  /// Points from this step on have been replaced.
  void rewrite_from(std::int64_t step);

 private:
  struct Open {
    Bucket bucket;
    std::int64_t parts = 0;
  };

  void add(std::int64_t level, const Bucket& part);
  void take_up();
  void insert(std::int64_t level, const Bucket& bucket);

  const Database* database_;
  Statement* insert_;
  std::int64_t series_id_;
  std::vector<Open> open_;  // of level 1, 2, ...
};

/// Summaries of a run that is set back to a step: those of later points go.
void delete_levels_after(const Database& database, std::string_view run_id, std::int64_t step);

}  // namespace runner
