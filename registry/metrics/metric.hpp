#pragma once

#include "registry/metrics/judged.hpp"

#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

class Ranks;

/// Something that is measured over all evaluation samples, each counted once. It is kept as sums on
/// the device, which ranks add up; numbers are made of them at the end.
class Metric {
 public:
  explicit Metric(at::Tensor zeros) : sums_(std::move(zeros)) {}
  virtual ~Metric() = default;
  Metric(const Metric&) = delete;
  Metric& operator=(const Metric&) = delete;

  virtual void add(const Judged& judged) = 0;

  /// Over the samples of this rank, until add_up(); float64, on the device.
  at::Tensor& sums() { return sums_; }
  /// Makes the sums those over all ranks, on each of them.
  virtual void add_up(const Ranks& ranks);
  virtual void reset() { sums_.zero_(); }

  using Values = std::vector<std::pair<std::string, double>>;
  /// What it says of sums over all ranks (on the CPU), as {"top_5", 0.98}.
  virtual Values values(const at::Tensor& sums) const = 0;

  using Matrices = std::vector<std::pair<std::string, at::Tensor>>;
  /// Counts that are kept as a whole, of the same sums, as {"confusion_matrix", [true, found]}.
  virtual Matrices matrices(const at::Tensor&) const { return {}; }

 private:
  at::Tensor sums_;
};

}  // namespace runner
