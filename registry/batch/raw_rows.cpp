#include "registry/batch/raw_rows.hpp"

#include "registry/batch/field_rows.hpp"

#include <ATen/ATen.h>

namespace runner {

at::Tensor empty_rows(const FieldType& field, std::int64_t rows, std::int64_t longest,
                      bool pinned) {
  auto shape = field.shape;
  if (field.is_ragged()) shape.front() = longest;
  shape.insert(shape.begin(), rows);
  const auto options = at::TensorOptions().dtype(scalar_type(field.dtype)).pinned_memory(pinned);
  return field.is_ragged() ? at::zeros(shape, options) : at::empty(shape, options);
}

void read_rows(const SampleSource& source, std::size_t field, std::span<const std::int64_t> rows,
               at::Tensor& raw) {
  const auto stride = raw.numel() == 0 ? 0 : raw.nbytes() / static_cast<std::size_t>(raw.size(0));
  source.read(field, rows, static_cast<std::byte*>(raw.mutable_data_ptr()), stride);
}

at::Tensor lengths_of_rows(const SampleSource& source, std::size_t field,
                           std::span<const std::int64_t> rows) {
  auto lengths = at::empty({std::ssize(rows)}, at::kLong);
  auto* const length = lengths.mutable_data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < rows.size(); ++i) length[i] = source.length(field, rows[i]);
  return lengths;
}

}  // namespace runner
