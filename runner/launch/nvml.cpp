#include "runner/launch/nvml.hpp"

#include <array>

#include <dlfcn.h>
#include <fmt/format.h>

namespace runner {
namespace {

// From NVIDIA's reference of the library's interface (NVML API, version 2 of the entry points).
using Device = void*;
struct Utilization {
  unsigned gpu, memory;
};
struct Memory {
  unsigned long long total, free, used;
};
constexpr int success = 0;
constexpr int core_temperature = 0;

}  // namespace

template <class Function>
Function Nvml::find(const char* name) const {
  return reinterpret_cast<Function>(dlsym(library_, name));
}

std::unique_ptr<Nvml> Nvml::open(const std::string& library) {
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return nullptr;
  std::unique_ptr<Nvml> nvml(new Nvml(handle));
  const auto start = nvml->find<int (*)()>("nvmlInit_v2");
  return start && start() == success ? std::move(nvml) : nullptr;
}

Nvml::~Nvml() { dlclose(library_); }

std::string Nvml::cuda_version() const {
  const auto version = find<int (*)(int*)>("nvmlSystemGetCudaDriverVersion_v2");
  int number = 0;
  if (!version || version(&number) != success) return "";
  return fmt::format("{}.{}", number / 1000, number % 1000 / 10);
}

std::vector<GpuInfo> Nvml::devices() const {
  const auto count = find<int (*)(unsigned*)>("nvmlDeviceGetCount_v2");
  const auto get = find<int (*)(unsigned, Device*)>("nvmlDeviceGetHandleByIndex_v2");
  const auto get_name = find<int (*)(Device, char*, unsigned)>("nvmlDeviceGetName");
  const auto get_memory = find<int (*)(Device, Memory*)>("nvmlDeviceGetMemoryInfo");
  std::vector<GpuInfo> all;
  unsigned devices = 0;
  if (!count || !get || count(&devices) != success) return all;
  for (unsigned i = 0; i < devices; ++i) {
    Device device = nullptr;
    if (get(i, &device) != success) continue;
    auto& info = all.emplace_back(GpuInfo{"NVIDIA GPU"});
    std::array<char, 96> name{};
    Memory memory{};
    if (!get_name || get_name(device, name.data(), name.size()) != success) continue;
    info.name = name.data();
    if (!get_memory || get_memory(device, &memory) != success) continue;
    info.free_bytes = static_cast<std::int64_t>(memory.free);
    info.total_bytes = static_cast<std::int64_t>(memory.total);
  }
  return all;
}

std::optional<GpuUse> Nvml::use_of(const std::string& pci_address) const {
  const auto handle = find<int (*)(const char*, Device*)>("nvmlDeviceGetHandleByPciBusId_v2");
  const auto rates = find<int (*)(Device, Utilization*)>("nvmlDeviceGetUtilizationRates");
  const auto memory = find<int (*)(Device, Memory*)>("nvmlDeviceGetMemoryInfo");
  const auto power = find<int (*)(Device, unsigned*)>("nvmlDeviceGetPowerUsage");
  const auto temperature = find<int (*)(Device, int, unsigned*)>("nvmlDeviceGetTemperature");
  Device device = nullptr;
  if (!handle || handle(pci_address.c_str(), &device) != success) return std::nullopt;
  GpuUse use;
  Utilization shares{};
  Memory bytes{};
  unsigned milliwatts = 0, degrees = 0;
  if (rates && rates(device, &shares) == success) use.utilization = shares.gpu;
  if (memory && memory(device, &bytes) == success) use.memory = static_cast<double>(bytes.used);
  if (power && power(device, &milliwatts) == success) use.power = milliwatts / 1000.0;
  if (temperature && temperature(device, core_temperature, &degrees) == success)
    use.temperature = degrees;
  return use;
}

}  // namespace runner
