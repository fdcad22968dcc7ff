#include "experiments/levels.hpp"

#include "experiments/bucket_rows.hpp"

#include <cmath>

namespace runner {

Bucket Bucket::of(std::int64_t step, double epoch, double value, std::int64_t time) {
  Bucket bucket{step, step, epoch, time, 1};
  if (std::isnan(value)) return bucket;
  bucket.numbers = 1;
  bucket.sum = bucket.min = bucket.max = value;
  return bucket;
}

void Bucket::append(const Bucket& later) {
  if (count == 0) first_step = later.first_step;
  last_step = later.last_step;
  epoch = later.epoch;
  time = later.time;
  count += later.count;
  numbers += later.numbers;
  sum += later.sum;
  // fmin and fmax pass over a NaN.
  min = std::fmin(min, later.min);
  max = std::fmax(max, later.max);
}

double Bucket::mean() const {
  return numbers > 0 ? sum / static_cast<double>(numbers)
                     : std::numeric_limits<double>::quiet_NaN();
}

Levels::Levels(const Database& database, Statement& insert, std::int64_t series_id)
    : database_(&database), insert_(&insert), series_id_(series_id) {
  take_up();
}

Statement Levels::prepare_insert(const Database& database) {
  return database.prepare("INSERT INTO levels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
}

void Levels::add(std::int64_t level, const Bucket& part) {
  const auto place = static_cast<std::size_t>(level - 1);
  if (open_.size() <= place) open_.resize(place + 1);
  auto& open = open_[place];
  open.bucket.append(part);
  if (++open.parts < points_of_bucket) return;
  insert(level, open.bucket);
  const auto full = open.bucket;
  open = {};
  add(level + 1, full);
}

void Levels::insert(std::int64_t level, const Bucket& bucket) {
  insert_
      ->with(series_id_, level, bucket.first_step, bucket.last_step, bucket.epoch, bucket.time,
             bucket.count, bucket.numbers, bucket.sum, bucket.min, bucket.max)
      .run();
}

// From the highest level down: what the level above does not hold yet is in its open bucket.
void Levels::take_up() {
  open_.clear();
  auto highest = database_->prepare("SELECT ifnull(max(level), 0) FROM levels WHERE series_id = ?");
  highest.with(series_id_).step();
  for (auto level = highest.integer(0); level >= 0; --level) {
    const auto after = last_step_of_level(*database_, series_id_, level + 1);
    read_level(*database_, series_id_, level, {after + 1, INT64_MAX},
               [&](const Bucket& part) { add(level + 1, part); });
  }
}

void Levels::rewrite_from(std::int64_t step) {
  database_->prepare("DELETE FROM levels WHERE series_id = ? AND last_step >= ?")
      .with(series_id_, step)
      .run();
  take_up();
}

void delete_levels_after(const Database& database, std::string_view run_id, std::int64_t step) {
  database
      .prepare(
          "DELETE FROM levels WHERE last_step > ?2"
          " AND series_id IN (SELECT id FROM series WHERE run_id = ?1)")
      .with(run_id, step)
      .run();
}

}  // namespace runner
