#include "runner/checkpoint/safetensors.hpp"

#include "experiments/permissions.hpp"
#include "registry/datasets/atomic_file.hpp"
#include "registry/datasets/digest.hpp"
#include "registry/datasets/safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::array<std::pair<std::string_view, at::ScalarType>, 9> type_names{
    {{"F64", at::kDouble},
     {"F32", at::kFloat},
     {"F16", at::kHalf},
     {"BF16", at::kBFloat16},
     {"I64", at::kLong},
     {"I32", at::kInt},
     {"I8", at::kChar},
     {"U8", at::kByte},
     {"BOOL", at::kBool}}};

std::string_view name_of(at::ScalarType type) {
  for (const auto& [name, known] : type_names)
    if (known == type) return name;
  throw std::runtime_error(fmt::format("safetensors has no type {}", c10::toString(type)));
}

std::optional<at::ScalarType> type_of(std::string_view name) {
  for (const auto& [known, type] : type_names)
    if (known == name) return type;
  return std::nullopt;
}

std::string make_header(const NamedTensors& tensors,
                        const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    header[name] = {{"dtype", name_of(tensor.scalar_type())},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {offset, offset + tensor.nbytes()}}};
    offset += tensor.nbytes();
  }
  auto text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // so that the numbers are aligned
  return text;
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

std::span<const std::byte> bytes_of(const at::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

}  // namespace

WrittenFile write_safetensors(const std::filesystem::path& file, const NamedTensors& tensors,
                              const std::map<std::string, std::string>& metadata) {
  AtomicFile out(file, file_permissions());
  Sha256 digest;
  WrittenFile written{file.filename().string(), 0, ""};
  const auto write = [&](std::span<const std::byte> bytes) {
    out.write(bytes);
    digest.update(bytes);
    written.bytes += static_cast<std::int64_t>(bytes.size());
  };
  const auto header = make_header(tensors, metadata);
  const std::uint64_t length = header.size();  // little-endian, as this machine is
  write(std::as_bytes(std::span(&length, 1)));
  write(std::as_bytes(std::span(header)));
  for (const auto& [name, tensor] : tensors) write(bytes_of(tensor.contiguous()));
  out.commit();
  written.sha256 = digest.hex();
  return written;
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& file)
    : path_(file), file_(map_file(file)) {
  const auto refuse = [&] {
    throw std::runtime_error(fmt::format("{} is no safetensors file", file.string()));
  };
  const auto header = safetensors_header(file_.bytes);
  if (!header) refuse();
  data_begin_ = header->data_begin;
  try {
    for (const auto& [name, entry] : header->entries.items())
      if (name != "__metadata__")
        entries_.emplace(name, read_entry(name, entry, file_.bytes.size() - data_begin_));
      else if (!entry.is_null())
        metadata_ = entry.get<std::map<std::string, std::string>>();
  } catch (const Json::exception&) {
    refuse();
  }
  refuse_overlaps();
}

void SafetensorsFile::refuse(const std::string& name, const std::string& why) const {
  throw std::runtime_error(fmt::format("{}: the tensor {} {}", path_.string(), name, why));
}

SafetensorsFile::Entry SafetensorsFile::read_entry(const std::string& name, const Json& entry,
                                                   std::size_t data_bytes) const {
  const auto& shape = entry.at("shape");
  const auto& offsets = entry.at("data_offsets");
  Entry out{entry.at("dtype"), {}, {}, 0, 0};
  out.type = type_of(out.type_name);
  const auto numbers = number_of_elements(shape);
  if (!numbers) refuse(name, fmt::format("has the impossible shape {}", shape.dump()));
  const bool lies_within = offsets.size() == 2 && offsets[0].is_number_unsigned() &&
                           offsets[1].is_number_unsigned() && offsets[0] <= offsets[1] &&
                           offsets[1].get<std::size_t>() <= data_bytes;
  if (!lies_within)
    refuse(name, fmt::format("lies at the impossible place {} of {} bytes of data", offsets.dump(),
                             data_bytes));
  out.shape = shape.get<std::vector<std::int64_t>>();
  out.begin = offsets[0];
  out.end = offsets[1];
  if (!out.type) return out;
  const auto size = static_cast<std::int64_t>(c10::elementSize(*out.type));
  std::int64_t wanted = 0;
  if (__builtin_mul_overflow(*numbers, size, &wanted) ||
      static_cast<std::size_t>(wanted) != out.end - out.begin)
    refuse(name, fmt::format("has {} bytes, which its shape {} of {} does not fit",
                             out.end - out.begin, shape.dump(), out.type_name));
  return out;
}

void SafetensorsFile::refuse_overlaps() const {
  std::vector<std::pair<std::size_t, const std::string*>> by_place;
  for (const auto& [name, entry] : entries_)
    if (entry.begin < entry.end) by_place.emplace_back(entry.begin, &name);
  std::ranges::sort(by_place);
  for (std::size_t i = 1; i < by_place.size(); ++i)
    if (entries_.at(*by_place[i - 1].second).end > by_place[i].first)
      refuse(*by_place[i].second, fmt::format("overlaps {}", *by_place[i - 1].second));
}

std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> out;
  for (const auto& [name, entry] : entries_) out.push_back(name);
  return out;
}

at::Tensor SafetensorsFile::tensor(const std::string& name) const {
  const auto& entry = entries_.at(name);
  if (!entry.type)
    throw std::runtime_error(
        fmt::format("{}: {} has the unknown type {}", path_.string(), name, entry.type_name));
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): nobody writes to what is read here.
  auto* data = const_cast<std::byte*>(file_.bytes.data() + data_begin_ + entry.begin);
  return at::from_blob(data, entry.shape, at::TensorOptions().dtype(*entry.type));
}

}  // namespace runner
