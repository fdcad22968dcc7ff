#pragma once

#include "registry/datasets/dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace runner {

/// The IDX format: 00 00, the type (08: uint8), the number of dimensions, each dimension as 4
/// bytes, most significant first; then the elements, row by row. Source:
/// http://yann.lecun.com/exdb/mnist/, its last section. Returns why `content` is not an IDX file of
/// uint8 and exactly this shape; "" when it is.
std::string idx_problem(std::span<const std::byte> content, const std::vector<std::int64_t>& shape);

/// Size in bytes of an IDX file of uint8 and this shape.
std::int64_t idx_size(const std::vector<std::int64_t>& shape);

/// Maps the elements of an IDX file without copying them. Throws DataError ("PATH: what is wrong"),
/// also for a file that is no longer of the given version, where one is given, or
/// std::system_error when the file cannot be read. MappedFile says what happens when the file
/// changes later.
Array map_idx(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
              const std::string& version = "");

}  // namespace runner
