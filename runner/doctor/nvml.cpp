#include "runner/doctor/nvml.hpp"

#include "runner/terminal/number.hpp"

#include <array>

#include <dlfcn.h>
#include <fmt/format.h>

namespace runner::doctor {
namespace {

// From nvml.h, whose functions have kept their names and structs since version 2 of each.
struct Memory {
  unsigned long long total, free, used;
};
using Device = struct nvmlDevice_st*;

template <class Function>
Function* find(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

std::string describe(void* library, Device device) {
  std::array<char, 96> name{};
  Memory memory{};
  auto* const get_name = find<int(Device, char*, unsigned)>(library, "nvmlDeviceGetName");
  auto* const get_memory = find<int(Device, Memory*)>(library, "nvmlDeviceGetMemoryInfo");
  if (!get_name || get_name(device, name.data(), name.size()) != 0) return "NVIDIA GPU";
  if (!get_memory || get_memory(device, &memory) != 0) return name.data();
  return fmt::format("{} ({} free of {})", name.data(),
                     bytes(static_cast<std::int64_t>(memory.free)),
                     bytes(static_cast<std::int64_t>(memory.total)));
}

}  // namespace

Nvml::Nvml(const std::string& name) {
  void* const library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  auto* const init = find<int()>(library, "nvmlInit_v2");
  auto* const version = find<int(int*)>(library, "nvmlSystemGetCudaDriverVersion_v2");
  auto* const count = find<int(unsigned*)>(library, "nvmlDeviceGetCount_v2");
  auto* const get = find<int(unsigned, Device*)>(library, "nvmlDeviceGetHandleByIndex_v2");
  if (!init || !version || !count || !get || init() != 0) return;
  if (int number = 0; version(&number) == 0)
    cuda_ = fmt::format("{}.{}", number / 1000, number % 1000 / 10);
  unsigned devices = 0;
  count(&devices);
  for (unsigned i = 0; i < devices; ++i)
    if (Device device = nullptr; get(i, &device) == 0)
      devices_.push_back(describe(library, device));
}

}  // namespace runner::doctor
