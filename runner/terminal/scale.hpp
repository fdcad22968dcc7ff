#pragma once

#include <span>
#include <string>
#include <vector>

namespace runner {

/// Where numbers lie between the lowest and the highest of some: by their logarithms where those
/// are all above 0 and span more than two decades, unless it is told.
class Scale {
 public:
  /// Of one value or more, all finite.
  explicit Scale(std::span<const double> values);
  /// Of a logarithmic one, values are above 0.
  Scale(std::span<const double> values, bool logarithmic);

  double low() const { return low_; }
  double high() const { return high_; }
  bool is_constant() const { return low_ == high_; }
  bool is_logarithmic() const { return logarithmic_; }

  /// 0 for the lowest, 1 for the highest, 0.5 where they are the same.
  double place(double value) const;
  double value_at(double place) const;

  /// Round numbers from the lowest to the highest, those to be labelled first in front: the ends,
  /// then powers of ten or multiples of 1, 2 or 5 times one.
  std::vector<double> ticks() const;

 private:
  double low_, high_;
  bool logarithmic_;
};

/// In few columns: `1024`, `0.001`, `0.9871`, `1.2e-07`; at most ten.
std::string short_number(double value);

}  // namespace runner
