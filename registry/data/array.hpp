#pragma once

#include "registry/data/dtype.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace runner {

/// A contiguous, read-only, row-major array: a mapped file or a buffer, kept alive by `owner`.
struct Array {
  DType dtype = DType::uint8;
  std::vector<std::int64_t> shape;
  const std::byte* data = nullptr;
  std::shared_ptr<const void> owner;

  /// The first extent.
  std::int64_t rows() const { return shape.empty() ? 0 : shape.front(); }
};

/// How many elements there are in a shape; 1 for a scalar.
std::int64_t elements_of(std::span<const std::int64_t> shape);
/// Bytes of one row.
std::size_t row_bytes(const Array& array);

}  // namespace runner
