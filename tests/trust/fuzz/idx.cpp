// An IDX file. The first byte says how many dimensions are expected, each in a byte that follows.
#include "registry/datasets/idx.hpp"

#include "registry/datasets/prepared.hpp"
#include "tests/trust/fuzz/input.hpp"

#include <functional>
#include <numeric>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::size_t dimensions = size == 0 ? 0 : 1 + data[0] % 4;
  if (size < 1 + dimensions) return 0;
  const std::vector<std::int64_t> shape(data + 1, data + 1 + dimensions);
  const auto content = runner::fuzz::as_text(data + 1 + dimensions, size - 1 - dimensions);
  const auto problem = runner::idx_problem(std::as_bytes(std::span(content)), shape);
  const auto file = runner::fuzz::folder().write("file.idx", content);
  try {
    const auto array = runner::map_idx(file, shape);
    const auto bytes =
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    [[maybe_unused]] volatile auto sum = std::accumulate(
        array.data, array.data + bytes, 0U,
        [](unsigned sum, std::byte byte) { return sum + static_cast<unsigned>(byte); });
    if (!problem.empty()) __builtin_trap();
  } catch (const runner::DataError&) {
    if (problem.empty()) __builtin_trap();
  } catch (const std::system_error&) {
    if (!content.empty()) __builtin_trap();  // an empty file cannot be mapped
  }
  return 0;
}
