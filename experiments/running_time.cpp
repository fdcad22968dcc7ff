#include "experiments/running_time.hpp"

#include <algorithm>

namespace runner {

RunningTime::RunningTime(const Database& database, std::string_view run_id) {
  auto run = database.prepare("SELECT started FROM runs WHERE id = ?");
  if (run.with(run_id).step()) started_ = run.integer(0);
  // Of attempts that an older version resumed nobody has written when they went on.
  auto pauses = database.prepare(
      "SELECT a.ended, ifnull(next.started, r.resumed) AS went_on FROM attempts a"
      " JOIN runs r ON r.id = a.run_id"
      " LEFT JOIN attempts next ON next.run_id = a.run_id AND next.attempt = a.attempt + 1"
      " WHERE a.run_id = ? AND a.ended < went_on");
  pauses.with(run_id);
  while (pauses.step()) pauses_.push_back({pauses.integer(0), pauses.integer(1)});
}

double RunningTime::seconds(std::int64_t time) const {
  std::int64_t ran = time - started_;
  for (const auto& [from, to] : pauses_)
    ran -= std::max<std::int64_t>(0, std::min(time, to) - from);
  return static_cast<double>(ran) / 1000;
}

}  // namespace runner
