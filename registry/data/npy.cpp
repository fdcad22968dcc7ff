#include "registry/data/npy.hpp"

#include "registry/components.hpp"
#include "registry/datasets/prepared.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::string_view npy_magic = "\x93NUMPY";

struct NpyHeader {
  std::string type;  ///< "<f4"
  bool column_major = false;
  std::vector<std::int64_t> shape;
  std::size_t data_begin = 0;
};

std::uint64_t little_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | std::to_integer<int>(bytes[i]);
  return value;
}

/// The header is a Python literal, {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), },
/// which is JSON with other words.
Json as_json(std::string_view literal) {
  std::string text;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    const char c = literal[i];
    if ((c == '}' || c == ')' || c == ']') && text.find_last_not_of(" \n") != std::string::npos) {
      const auto last = text.find_last_not_of(" \n");
      if (text[last] == ',') text.erase(last);
    }
    if (literal.substr(i).starts_with("True") || literal.substr(i).starts_with("False"))
      text += c == 'T' ? 't' : 'f';
    else
      text += c == '\'' ? '"' : c == '(' ? '[' : c == ')' ? ']' : c;
  }
  return Json::parse(text, nullptr, false);
}

std::optional<NpyHeader> parse_npy_header(std::span<const std::byte> bytes) {
  if (bytes.size() < 10 || std::memcmp(bytes.data(), npy_magic.data(), npy_magic.size()) != 0)
    return std::nullopt;
  const bool is_first_version = std::to_integer<int>(bytes[6]) == 1;
  const std::size_t length_bytes = is_first_version ? 2 : 4, begin = 8 + length_bytes;
  if (bytes.size() < begin) return std::nullopt;
  const auto length = little_endian(bytes.subspan(8, length_bytes));
  if (length > bytes.size() - begin) return std::nullopt;
  const auto json = as_json(
      {reinterpret_cast<const char*>(bytes.data()) + begin, static_cast<std::size_t>(length)});
  if (!json.is_object() || !json.contains("descr") || !json.contains("fortran_order") ||
      !json.contains("shape"))
    return std::nullopt;
  NpyHeader header;
  try {
    header.type = json["descr"].is_string() ? json["descr"].get<std::string>() : "records";
    header.column_major = json["fortran_order"];
    header.shape = json["shape"].get<std::vector<std::int64_t>>();
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  header.data_begin = begin + static_cast<std::size_t>(length);
  return header;
}

/// Of "f4", the letter that numpy has for a kind of number and its bytes.
std::optional<DType> dtype_of(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, DType>, 9> known{{{"b1", DType::boolean},
                                                                     {"u1", DType::uint8},
                                                                     {"i1", DType::int8},
                                                                     {"i2", DType::int16},
                                                                     {"i4", DType::int32},
                                                                     {"i8", DType::int64},
                                                                     {"f2", DType::float16},
                                                                     {"f4", DType::float32},
                                                                     {"f8", DType::float64}}};
  for (const auto& [name, dtype] : known)
    if (name == type) return dtype;
  return std::nullopt;
}

/// So many elements, or none where they are more than can be.
std::optional<std::uint64_t> count_elements(const std::vector<std::int64_t>& shape) {
  std::uint64_t product = 1;
  for (const auto extent : shape)
    if (extent < 0 || __builtin_mul_overflow(product, static_cast<std::uint64_t>(extent), &product))
      return std::nullopt;
  return product;
}

/// Row-major and little-endian, from whatever it is.
std::shared_ptr<std::byte[]> rewrite(const std::byte* data, const NpyHeader& header,
                                     std::size_t count, std::size_t size, bool swaps) {
  std::shared_ptr<std::byte[]> out(new std::byte[count * size]);
  std::vector<std::int64_t> at(header.shape.size(), 0);
  std::vector<std::size_t> steps(header.shape.size(), 1);  // in the stored elements
  if (header.column_major)
    for (std::size_t i = 1; i < steps.size(); ++i)
      steps[i] = steps[i - 1] * static_cast<std::size_t>(header.shape[i - 1]);
  else
    for (std::size_t i = steps.size(); i-- > 1;)
      steps[i - 1] = steps[i] * static_cast<std::size_t>(header.shape[i]);
  std::size_t from = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(out.get() + i * size, data + from * size, size);
    if (swaps) std::reverse(out.get() + i * size, out.get() + (i + 1) * size);
    for (std::size_t axis = at.size(); axis-- > 0;) {
      from += steps[axis];
      if (++at[axis] < header.shape[axis]) break;
      from -= steps[axis] * static_cast<std::size_t>(at[axis]);
      at[axis] = 0;
    }
  }
  return out;
}

}  // namespace

Array read_npy(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
               const std::string& name) {
  const auto header = parse_npy_header(bytes);
  if (!header) throw DataError(fmt::format("{}: not a .npy file", name));
  const bool has_order = !header->type.empty() &&
                         std::string_view("<>|=").find(header->type[0]) != std::string_view::npos;
  const auto type = dtype_of(has_order ? header->type.substr(1) : header->type);
  if (!type)
    throw DataError(fmt::format("{}: its elements are {}; expected numbers of 1 to 8 bytes", name,
                                header->type));
  const auto size = size_of(*type);
  const auto count = count_elements(header->shape);
  const auto there = bytes.size() - header->data_begin;
  if (!count || *count > there / size)
    throw DataError(
        fmt::format("{}: {} bytes of numbers are there, fewer than its shape wants", name, there));
  const auto* const data = bytes.data() + header->data_begin;
  const bool swaps = header->type[0] == '>' && size > 1;
  const bool is_aligned = reinterpret_cast<std::uintptr_t>(data) % size == 0;
  const bool lies_right = (!header->column_major || header->shape.size() < 2) && !swaps;
  if (lies_right && is_aligned) return {*type, header->shape, data, owner};
  const auto copy = rewrite(data, *header, *count, size, swaps);
  return {*type, header->shape, copy.get(), copy};
}

}  // namespace runner
