#pragma once

#include "registry/data/array.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace runner {

/// The array in the bytes of a .npy file (numpy.lib.format, versions 1 to 3), which `owner` keeps.
/// Row-major and little-endian, it lies in these bytes; else it is a copy. Throws DataError, which
/// begins with `name`.
Array read_npy(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
               const std::string& name);

}  // namespace runner
