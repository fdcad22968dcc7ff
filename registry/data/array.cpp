#include "registry/data/array.hpp"

#include <functional>
#include <numeric>

namespace runner {

std::int64_t elements_of(std::span<const std::int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::size_t row_bytes(const Array& array) {
  return static_cast<std::size_t>(elements_of(std::span(array.shape).subspan(1))) *
         size_of(array.dtype);
}

}  // namespace runner
