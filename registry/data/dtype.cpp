#include "registry/data/dtype.hpp"

#include <algorithm>
#include <array>

namespace runner {
namespace {

struct KnownDType {
  DType type;
  std::string_view name;
  std::size_t size;
};

constexpr std::array known_dtypes{
    KnownDType{DType::boolean, "bool", 1},    KnownDType{DType::uint8, "uint8", 1},
    KnownDType{DType::int8, "int8", 1},       KnownDType{DType::int16, "int16", 2},
    KnownDType{DType::int32, "int32", 4},     KnownDType{DType::int64, "int64", 8},
    KnownDType{DType::float16, "float16", 2}, KnownDType{DType::bfloat16, "bfloat16", 2},
    KnownDType{DType::float32, "float32", 4}, KnownDType{DType::float64, "float64", 8}};

}  // namespace

std::string_view name_of(DType type) {
  return known_dtypes.at(static_cast<std::size_t>(type)).name;
}

std::optional<DType> dtype_named(std::string_view name) {
  const auto found = std::ranges::find(known_dtypes, name, &KnownDType::name);
  return found == known_dtypes.end() ? std::nullopt : std::optional(found->type);
}

std::size_t size_of(DType type) { return known_dtypes.at(static_cast<std::size_t>(type)).size; }

bool is_floating_point(DType type) { return type >= DType::float16; }

}  // namespace runner
