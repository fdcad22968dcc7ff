#include "runner/exchange/point_table.hpp"

#include "experiments/reference.hpp"
#include "runner/exchange/metrics.hpp"

#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace runner {
namespace {

using ColumnType = PointTable::Column::Type;

Value epoch_of(const MetricPoint& point) {
  return std::isnan(point.epoch) ? Value() : Value(point.epoch);
}

}  // namespace

PointTable::PointTable(const Database& database, std::vector<std::string> run_ids,
                       std::vector<std::string> metrics, Shape shape)
    : database_(database),
      run_ids_(std::move(run_ids)),
      metrics_(std::move(metrics)),
      shape_(shape) {
  refuse_unknown_metrics(database_, run_ids_, metrics_);
  if (shape_ == Shape::longer) {
    columns_ = {{"run_id", ColumnType::text}, {"run_name", ColumnType::text},
                {"metric", ColumnType::text}, {"step", ColumnType::integer},
                {"epoch", ColumnType::real},  {"value", ColumnType::real},
                {"time", ColumnType::time}};
    return;
  }
  columns_ = {{"run_id", ColumnType::text},
              {"run_name", ColumnType::text},
              {"step", ColumnType::integer},
              {"epoch", ColumnType::real},
              {"time", ColumnType::time}};
  std::set<std::string> names, taken;
  for (const auto& run : run_ids_)
    for (auto& metric : metrics_of(database_, run, metrics_)) names.insert(std::move(metric.name));
  for (const auto& column : columns_) taken.insert(column.name);
  for (const auto& name : names) {
    auto column = name;
    while (taken.contains(column) || (column != name && names.contains(column)))
      column.insert(0, "metric/");
    taken.insert(column);
    columns_of_metrics_[name] = columns_.size();
    columns_.push_back({column, ColumnType::real});
  }
}

void PointTable::for_each_row(const std::function<void(const Row&)>& use) const {
  for (const auto& run : run_ids_)
    shape_ == Shape::longer ? for_each_point_of(run, use) : for_each_step_of(run, use);
}

void PointTable::for_each_point_of(const std::string& run_id,
                                   const std::function<void(const Row&)>& use) const {
  Row row(columns_.size());
  row[0] = run_id;
  row[1] = name_of(database_, run_id);
  for (const auto& metric : metrics_of(database_, run_id, metrics_)) {
    row[2] = metric.name;
    for_each_point(database_, metric.id, [&](const MetricPoint& point) {
      row[3] = point.step;
      row[4] = epoch_of(point);
      row[5] = point.value;
      row[6] = point.time;
      use(row);
    });
  }
}

void PointTable::for_each_step_of(const std::string& run_id,
                                  const std::function<void(const Row&)>& use) const {
  Row empty(columns_.size());
  empty[0] = run_id;
  empty[1] = name_of(database_, run_id);
  std::map<std::int64_t, Row> steps;
  for (const auto& metric : metrics_of(database_, run_id, metrics_)) {
    const auto column = columns_of_metrics_.at(metric.name);
    for_each_point(database_, metric.id, [&](const MetricPoint& point) {
      auto& row = steps.try_emplace(point.step, empty).first->second;
      row[2] = point.step;
      if (is_missing(row[3])) row[3] = epoch_of(point);
      if (is_missing(row[4]) || std::get<std::int64_t>(row[4]) < point.time) row[4] = point.time;
      row[column] = point.value;
    });
  }
  for (const auto& [step, row] : steps) use(row);
}

}  // namespace runner
