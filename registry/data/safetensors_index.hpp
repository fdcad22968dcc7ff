#pragma once

#include "registry/data/array.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace runner {

/// Where a tensor of a safetensors file lies.
struct SafetensorsEntry {
  std::string type_name;      ///< "F32"
  std::optional<DType> type;  ///< empty for one that we do not know
  std::vector<std::int64_t> shape;
  std::size_t begin = 0, end = 0;  ///< in the file's data
};

/// What the beginning of a safetensors file says.
/// Source: https://huggingface.co/docs/safetensors/index, "Format".
struct SafetensorsIndex {
  std::map<std::string, SafetensorsEntry> entries;
  std::map<std::string, std::string> metadata;
  std::size_t data_begin = 0;  ///< in the file
};

/// Throws std::runtime_error, which begins with `name`, for what is no such file, and for tensors
/// that cannot be: of impossible shapes or places, or that share bytes.
SafetensorsIndex read_safetensors_index(std::span<const std::byte> file, const std::string& name);

std::string_view safetensors_name(DType type);

}  // namespace runner
