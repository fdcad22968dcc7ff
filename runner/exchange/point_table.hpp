#pragma once

#include "experiments/sqlite.hpp"
#include "experiments/value.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace runner {

/// Points of runs as a table. Long, it has a row for each point:
///
///     run_id  run_name  metric  step  epoch  value  time
///
/// and wide, a row for each step of a run, with a column for each metric after the time:
///
///     run_id  run_name  step  epoch  time  eval/accuracy  eval/loss ...
///
/// A metric called `step` has the column `metric/step` there, and so have the other names of that
/// table's own columns. `epoch` counts epochs done, `time` is Unix time in ms (of the latest of a
/// step's points); what is not there is missing, and a value that is NaN is NaN.
class PointTable {
 public:
  enum class Shape { longer, wide };
  struct Column {
    enum class Type { text, integer, real, time };
    std::string name;
    Type type;
  };
  using Row = std::vector<Value>;

  /// Throws UserError for a metric that none of the runs has; without any, all are meant.
  PointTable(const Database& database, std::vector<std::string> run_ids,
             std::vector<std::string> metrics, Shape shape);

  const std::vector<Column>& columns() const { return columns_; }
  /// Run by run; the row is only lent.
  void for_each_row(const std::function<void(const Row&)>& use) const;

 private:
  void for_each_point_of(const std::string& run_id,
                         const std::function<void(const Row&)>& use) const;
  void for_each_step_of(const std::string& run_id,
                        const std::function<void(const Row&)>& use) const;

  const Database& database_;
  std::vector<std::string> run_ids_, metrics_;
  Shape shape_;
  std::vector<Column> columns_;
  std::map<std::string, std::size_t> columns_of_metrics_;  ///< of a wide table
};

}  // namespace runner
