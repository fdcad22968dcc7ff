// A gzip file: what comes out of it is never more than was allowed.
#include "registry/datasets/gzip.hpp"

#include "tests/trust/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::int64_t limit = 1 << 20;
  const auto file = runner::fuzz::folder().write("file.gz", runner::fuzz::as_text(data, size));
  std::int64_t total = 0;
  runner::unpack_gzip(file, limit, [&](std::span<const std::byte> piece) {
    total += static_cast<std::int64_t>(piece.size());
  });
  if (total > limit) __builtin_trap();
  return 0;
}
