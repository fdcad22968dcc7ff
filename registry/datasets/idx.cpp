#include "registry/datasets/idx.hpp"

#include "registry/datasets/mapped_file.hpp"
#include "registry/datasets/prepared.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

constexpr std::uint32_t uint8_type = 0x08;
constexpr std::uint32_t gzip_magic = 0x1f8b;

std::size_t header_size(const std::vector<std::int64_t>& shape) { return 4 * (1 + shape.size()); }

std::uint32_t big_endian(std::span<const std::byte> content, std::size_t word) {
  std::uint32_t value = 0;
  for (const auto byte : content.subspan(4 * word, 4))
    value = value << 8 | static_cast<std::uint32_t>(byte);
  return value;
}

std::string magic_problem(std::uint32_t magic, std::uint32_t expected) {
  if (magic == expected) return "";
  const auto* const hint =
      magic >> 16 == gzip_magic ? ": gzip data, whose name must end in .gz" : "";
  return fmt::format("magic number 0x{:08x}{}; expected 0x{:08x}", magic, hint, expected);
}

std::string shape_problem(const std::vector<std::int64_t>& actual,
                          const std::vector<std::int64_t>& expected) {
  if (actual == expected) return "";
  return fmt::format("its header says {}; expected {}", fmt::join(actual, " x "),
                     fmt::join(expected, " x "));
}

std::string size_problem(std::int64_t actual, std::int64_t expected) {
  if (actual == expected) return "";
  return fmt::format("{}: {} bytes; expected {}",
                     actual < expected ? "truncated" : "trailing bytes", actual, expected);
}

}  // namespace

std::int64_t idx_size(const std::vector<std::int64_t>& shape) {
  std::int64_t elements = 1;
  for (const auto extent : shape) elements *= extent;
  return static_cast<std::int64_t>(header_size(shape)) + elements;
}

std::string idx_problem(std::span<const std::byte> content,
                        const std::vector<std::int64_t>& shape) {
  const auto size = static_cast<std::int64_t>(content.size());
  if (size < 4) return size_problem(size, idx_size(shape));
  const auto rank = static_cast<std::uint32_t>(shape.size());
  if (auto problem = magic_problem(big_endian(content, 0), uint8_type << 8 | rank);
      !problem.empty())
    return problem;
  if (content.size() < header_size(shape)) return size_problem(size, idx_size(shape));
  std::vector<std::int64_t> actual;
  for (std::size_t word = 1; word <= shape.size(); ++word)
    actual.push_back(big_endian(content, word));
  if (auto problem = shape_problem(actual, shape); !problem.empty()) return problem;
  return size_problem(size, idx_size(shape));
}

Array map_idx(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
              const std::string& version) {
  auto file = map_file(path);
  if (const auto problem = idx_problem(file.bytes, shape); !problem.empty())
    throw DataError(fmt::format("{}: {}", path.string(), problem));
  if (!version.empty() && file.version() != version)
    throw DataError(fmt::format("{} has been written to since it was checked", path.string()));
  return {DType::uint8, shape, file.bytes.data() + header_size(shape), std::move(file.owner)};
}

}  // namespace runner
