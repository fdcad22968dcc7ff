#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace runner {

/// The types that elements of data have, with PyTorch's names.
enum class DType { boolean, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64 };

std::string_view name_of(DType type);
std::optional<DType> dtype_named(std::string_view name);
/// Bytes of one element.
std::size_t size_of(DType type);
bool is_floating_point(DType type);

}  // namespace runner
