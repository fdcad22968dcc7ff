#pragma once

#include "runner/answers/trial_table.hpp"
#include "runner/terminal/scale.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace runner {

/// The text of a parameter's value.
std::string value_label(const Json& value);

/// The values that trials give a parameter: numbers on a scale, or categories.
class ParameterAxis {
 public:
  ParameterAxis(std::span<const SweepTrial> trials, std::string path);

  const std::string& path() const { return path_; }
  /// False where no trial has the parameter.
  bool has_values() const { return !values_.empty(); }
  /// None for categories.
  const std::optional<Scale>& scale() const { return scale_; }
  /// Each once: numbers in their order, categories in that of their trials.
  const std::vector<Json>& values() const { return values_; }

  /// Which of the values the trial has; none where it has none.
  std::optional<std::size_t> level(const SweepTrial& trial) const;
  /// From 0 to 1; that of a category is the middle of its share.
  std::optional<double> place(const SweepTrial& trial) const;
  double place(std::size_t level) const;

 private:
  std::string path_;
  std::vector<Json> values_;
  std::optional<Scale> scale_;
};

}  // namespace runner
