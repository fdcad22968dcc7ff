#pragma once

#include "runner/terminal/parameter_axis.hpp"

namespace runner {

/// What a parameter's trials are put together by: its values, or where it has more than twelve
/// numbers, equal parts of their scale.
class ParameterBands {
 public:
  /// So many parts, if it comes to that.
  ParameterBands(std::span<const SweepTrial> trials, std::string path, int parts);

  /// The values, or `≥0.01` where a part begins; long ones are cut.
  const std::vector<std::string>& labels() const { return labels_; }
  int widest_label() const;
  /// None for a trial that lacks the parameter.
  std::optional<std::size_t> band(const SweepTrial& trial) const;

 private:
  std::string label(std::size_t i, std::size_t count) const;

  ParameterAxis axis_;
  bool has_parts_;
  std::vector<std::string> labels_;
};

}  // namespace runner
