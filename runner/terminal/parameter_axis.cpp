#include "runner/terminal/parameter_axis.hpp"

#include "experiments/json.hpp"

#include <algorithm>

namespace runner {
namespace {

bool is_number(const Json& value) {
  return value.is_number() && std::isfinite(value.get<double>());
}

}  // namespace

std::string value_label(const Json& value) {
  if (is_number(value)) return short_number(value.get<double>());
  return as_text(value);
}

ParameterAxis::ParameterAxis(std::span<const SweepTrial> trials, std::string path)
    : path_(std::move(path)) {
  for (const auto& trial : trials) {
    const auto* value = find_parameter(trial.parameters, path_);
    if (value && std::ranges::find(values_, *value) == values_.end()) values_.push_back(*value);
  }
  if (values_.empty() || !std::ranges::all_of(values_, is_number)) return;
  std::sort(values_.begin(), values_.end());
  std::vector<double> numbers;
  for (const auto& value : values_) numbers.push_back(value.get<double>());
  scale_ = Scale(numbers);
}

std::optional<std::size_t> ParameterAxis::level(const SweepTrial& trial) const {
  const auto* value = find_parameter(trial.parameters, path_);
  if (!value) return std::nullopt;
  const auto found = std::ranges::find(values_, *value);
  if (found == values_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - values_.begin());
}

std::optional<double> ParameterAxis::place(const SweepTrial& trial) const {
  const auto found = level(trial);
  if (!found) return std::nullopt;
  return place(*found);
}

double ParameterAxis::place(std::size_t level) const {
  if (scale_) return scale_->place(values_[level].get<double>());
  return (static_cast<double>(level) + 0.5) / static_cast<double>(values_.size());
}

}  // namespace runner
