#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// Samples that go through a model together: a tensor [rows, ...] for each of their fields. Of a
/// ragged field, rows are filled up with zeros to the longest, and NAME_lengths [rows] says how
/// long each is.
class Batch {
 public:
  explicit Batch(std::int64_t rows) : rows_(rows) {}

  std::int64_t rows() const { return rows_; }
  void add(std::string name, at::Tensor tensor) {
    fields_.emplace_back(std::move(name), std::move(tensor));
  }
  /// Throws std::logic_error where there is no such field.
  const at::Tensor& at(std::string_view name) const;
  /// Null where there is no such field.
  const at::Tensor* find(std::string_view name) const;

 private:
  std::int64_t rows_;
  std::vector<std::pair<std::string, at::Tensor>> fields_;
};

/// What a model gives for a batch.
struct Output {
  at::Tensor tensor;  ///< one row for each of the batch's, unless the model says otherwise
};

}  // namespace runner
