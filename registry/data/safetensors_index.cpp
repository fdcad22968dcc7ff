#include "registry/data/safetensors_index.hpp"

#include "registry/components.hpp"
#include "registry/datasets/safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::array<std::pair<std::string_view, DType>, 10> safetensors_types{
    {{"F64", DType::float64},
     {"F32", DType::float32},
     {"F16", DType::float16},
     {"BF16", DType::bfloat16},
     {"I64", DType::int64},
     {"I32", DType::int32},
     {"I16", DType::int16},
     {"I8", DType::int8},
     {"U8", DType::uint8},
     {"BOOL", DType::boolean}}};

std::optional<DType> safetensors_type(std::string_view name) {
  const auto found =
      std::ranges::find(safetensors_types, name, &std::pair<std::string_view, DType>::first);
  return found == safetensors_types.end() ? std::nullopt : std::optional(found->second);
}

/// Empty for what is no shape, or has more elements than can be counted.
std::optional<std::int64_t> number_of_elements(const Json& shape) {
  if (!shape.is_array()) return std::nullopt;
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  std::int64_t product = 1;
  for (const auto& extent : shape)
    if (!extent.is_number_unsigned() || extent.get<std::uint64_t>() > most ||
        __builtin_mul_overflow(product, extent.get<std::uint64_t>(), &product))
      return std::nullopt;
  return product;
}

class HeaderReader {
 public:
  explicit HeaderReader(const std::string& name) : name_(name) {}

  SafetensorsIndex read(std::span<const std::byte> bytes) {
    const auto begin = safetensors_header(bytes);
    if (!begin) refuse_file();
    SafetensorsIndex header;
    header.data_begin = begin->data_begin;
    try {
      for (const auto& [tensor, entry] : begin->entries.items())
        if (tensor != "__metadata__")
          header.entries.emplace(tensor,
                                 read_entry(tensor, entry, bytes.size() - header.data_begin));
        else if (!entry.is_null())
          header.metadata = entry.get<std::map<std::string, std::string>>();
    } catch (const Json::exception&) {
      refuse_file();
    }
    refuse_overlaps(header);
    return header;
  }

 private:
  [[noreturn]] void refuse_file() const {
    throw std::runtime_error(fmt::format("{} is no safetensors file", name_));
  }
  [[noreturn]] void refuse(const std::string& tensor, const std::string& why) const {
    throw std::runtime_error(fmt::format("{}: the tensor {} {}", name_, tensor, why));
  }

  SafetensorsEntry read_entry(const std::string& tensor, const Json& entry,
                              std::size_t data_bytes) const {
    const auto& shape = entry.at("shape");
    const auto& offsets = entry.at("data_offsets");
    SafetensorsEntry out;
    out.type_name = entry.at("dtype");
    out.type = safetensors_type(out.type_name);
    const auto numbers = number_of_elements(shape);
    if (!numbers) refuse(tensor, fmt::format("has the impossible shape {}", shape.dump()));
    const bool lies_within = offsets.size() == 2 && offsets[0].is_number_unsigned() &&
                             offsets[1].is_number_unsigned() && offsets[0] <= offsets[1] &&
                             offsets[1].get<std::size_t>() <= data_bytes;
    if (!lies_within)
      refuse(tensor, fmt::format("lies at the impossible place {} of {} bytes of data",
                                 offsets.dump(), data_bytes));
    out.shape = shape.get<std::vector<std::int64_t>>();
    out.begin = offsets[0];
    out.end = offsets[1];
    if (!out.type) return out;
    const auto size = static_cast<std::int64_t>(size_of(*out.type));
    std::int64_t wanted = 0;
    if (__builtin_mul_overflow(*numbers, size, &wanted) ||
        static_cast<std::size_t>(wanted) != out.end - out.begin)
      refuse(tensor, fmt::format("has {} bytes, which its shape {} of {} does not fit",
                                 out.end - out.begin, shape.dump(), out.type_name));
    return out;
  }

  void refuse_overlaps(const SafetensorsIndex& header) const {
    std::vector<std::pair<std::size_t, const std::string*>> by_place;
    for (const auto& [tensor, entry] : header.entries)
      if (entry.begin < entry.end) by_place.emplace_back(entry.begin, &tensor);
    std::ranges::sort(by_place);
    for (std::size_t i = 1; i < by_place.size(); ++i)
      if (header.entries.at(*by_place[i - 1].second).end > by_place[i].first)
        refuse(*by_place[i].second, fmt::format("overlaps {}", *by_place[i - 1].second));
  }

  const std::string& name_;
};

}  // namespace

SafetensorsIndex read_safetensors_index(std::span<const std::byte> file, const std::string& name) {
  return HeaderReader(name).read(file);
}

std::string_view safetensors_name(DType type) {
  return std::ranges::find(safetensors_types, type, &std::pair<std::string_view, DType>::second)
      ->first;
}

}  // namespace runner
