#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/data/source.hpp"

#include <cstdint>
#include <span>

#include <ATen/core/Tensor.h>

namespace runner {

/// Room for so many rows of a field as they are stored. Rows of a ragged field have `longest` as
/// their first extent, and are zeros to begin with.
at::Tensor empty_rows(const FieldType& field, std::int64_t rows, std::int64_t longest = 0,
                      bool pinned = false);

/// Reads rows of a field into `raw`.
void read_rows(const SampleSource& source, std::size_t field, std::span<const std::int64_t> rows,
               at::Tensor& raw);

/// int64 [rows]: the lengths of rows of a ragged field.
at::Tensor lengths_of_rows(const SampleSource& source, std::size_t field,
                           std::span<const std::int64_t> rows);

}  // namespace runner
