#include "runner/checkpoint/snapshot.hpp"

#include "experiments/json.hpp"

#include <stdexcept>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

constexpr auto extension = ".safetensors";

/// The metadata under which a file keeps its small values.
constexpr auto values_key = "values";

Json parsed(const std::string& values, const std::filesystem::path& file) {
  auto json = Json::parse(values, nullptr, false);
  if (!json.is_object())
    throw std::runtime_error(fmt::format("{}: its values are no JSON object", file.string()));
  return json;
}

}  // namespace

void Collector::tensor(const std::string& name, at::Tensor& tensor) {
  if (!keeps_ || !tensor.defined()) return;
  auto copy =
      at::empty(tensor.sizes(),
                tensor.options().device(at::kCPU).memory_format(at::MemoryFormat::Contiguous));
  copy.copy_(tensor.detach());
  file_.tensors.emplace_back(name, std::move(copy));
}

Restorer::Restorer(const std::filesystem::path& folder, const std::string& beginning)
    : folder_(folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(beginning) || !name.ends_with(extension)) continue;
    files_.emplace_back(entry.path());
    const auto& metadata = files_.back().metadata();
    if (const auto found = metadata.find(values_key); found != metadata.end())
      values_.update(parsed(found->second, entry.path()));
  }
}

void Restorer::tensor(const std::string& name, at::Tensor& tensor) {
  const auto found = std::find_if(files_.begin(), files_.end(),
                                  [&](const auto& file) { return file.contains(name); });
  if (found == files_.end()) {
    if (tensor.defined())
      throw std::runtime_error(fmt::format("the checkpoint {} has no {}", folder_.string(), name));
    return;
  }
  const auto saved = found->tensor(name);
  if (!tensor.defined()) {
    tensor = saved.clone();
    return;
  }
  if (saved.sizes() != tensor.sizes())
    throw std::runtime_error(fmt::format("{} is [{}] in the checkpoint {}, and [{}] here", name,
                                         fmt::join(saved.sizes(), ", "), folder_.string(),
                                         fmt::join(tensor.sizes(), ", ")));
  const at::NoGradGuard no_grad;
  tensor.copy_(saved);
}

void Restorer::check() const {
  for (const auto& file : files_) file.check();
}

void Restorer::exchange(const std::string& name, Json& value) {
  const auto found = values_.find(name);
  if (found == values_.end())
    throw std::runtime_error(fmt::format("the checkpoint {} has no {}", folder_.string(), name));
  const bool alike = value.type() == found->type() || (value.is_number() && to_number(*found)) ||
                     value.is_null() || found->is_null();
  if (!alike)
    throw std::runtime_error(fmt::format("the checkpoint {} has {} for {}, where a {} is expected",
                                         folder_.string(), found->dump(), name, value.type_name()));
  const auto number = value.is_number() ? to_number(*found) : std::nullopt;
  value = number && found->is_string() ? Json(*number) : *found;
}

WrittenFile write(const SnapshotFile& file, const std::filesystem::path& folder) {
  std::map<std::string, std::string> metadata{{"format", "pt"}};
  if (!file.values.empty()) metadata[values_key] = dumped(file.values);
  return write_safetensors(folder / (file.name + extension), file.tensors, metadata);
}

}  // namespace runner
