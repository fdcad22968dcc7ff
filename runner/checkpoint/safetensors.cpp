#include "runner/checkpoint/safetensors.hpp"

#include "experiments/permissions.hpp"
#include "registry/datasets/atomic_file.hpp"
#include "registry/datasets/digest.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace runner {
namespace {

/// Of tensors of these types, PyTorch's and ours.
constexpr std::array<std::pair<at::ScalarType, DType>, 10> tensor_types{
    {{at::kDouble, DType::float64},
     {at::kFloat, DType::float32},
     {at::kHalf, DType::float16},
     {at::kBFloat16, DType::bfloat16},
     {at::kLong, DType::int64},
     {at::kInt, DType::int32},
     {at::kShort, DType::int16},
     {at::kChar, DType::int8},
     {at::kByte, DType::uint8},
     {at::kBool, DType::boolean}}};

std::string_view name_of(at::ScalarType type) {
  for (const auto& [known, ours] : tensor_types)
    if (known == type) return safetensors_name(ours);
  throw std::runtime_error(fmt::format("safetensors has no type {}", c10::toString(type)));
}

at::ScalarType tensor_type(DType type) {
  return std::ranges::find(tensor_types, type, &std::pair<at::ScalarType, DType>::second)->first;
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
    : path_(file),
      file_(map_file(file)),
      header_(read_safetensors_index(file_.bytes, file.string())) {}

std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> out;
  for (const auto& [name, entry] : header_.entries) out.push_back(name);
  return out;
}

at::Tensor SafetensorsFile::tensor(const std::string& name) const {
  const auto& entry = header_.entries.at(name);
  if (!entry.type)
    throw std::runtime_error(
        fmt::format("{}: {} has the unknown type {}", path_.string(), name, entry.type_name));
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): nobody writes to what is read here.
  auto* data = const_cast<std::byte*>(file_.bytes.data() + header_.data_begin + entry.begin);
  return at::from_blob(data, entry.shape, at::TensorOptions().dtype(tensor_type(*entry.type)));
}

}  // namespace runner
