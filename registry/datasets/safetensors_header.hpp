#pragma once

#include "registry/components.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace runner {

/// What a safetensors file (https://github.com/huggingface/safetensors) begins with: a length, and
/// a JSON object of that many bytes.
struct SafetensorsHeader {
  Json entries;  ///< as they stand there: nothing in them is checked
  std::size_t data_begin = 0;
};

/// Empty for bytes that do not begin with one, or with one longer than the format allows.
std::optional<SafetensorsHeader> safetensors_header(std::span<const std::byte> file);

}  // namespace runner
