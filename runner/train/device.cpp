#include "runner/train/device.hpp"

#include "registry/counted.hpp"
#include "registry/topologies/placement.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/resource.h>

namespace runner {
namespace {

/// The driver's library; null where there is no NVIDIA driver.
void* nvidia_driver() {
  static void* const library = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_GLOBAL);
  return library;
}

/// Where the LibTorch that this program uses lies.
std::filesystem::path libtorch_folder() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<const void*>(&at::globalContext), &info)) return {};
  return std::filesystem::path(info.dli_fname).parent_path();
}

/// LibTorch's CUDA half registers itself when it is opened; a CPU-only machine never pays for it.
void open_cuda() {
  const auto library = libtorch_folder() / "libtorch_cuda.so";
  if (!std::filesystem::exists(library)) return;
  if (!dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL))
    throw std::runtime_error(fmt::format("cannot open LibTorch's CUDA half: {}", dlerror()));
}

int count_gpus() {
  if (!nvidia_driver()) return 0;
  open_cuda();
  return at::globalContext().hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0;
}

/// By the driver's own functions: LibTorch's CUDA half is not linked.
std::string gpu_model(int index) {
  const auto get_device =
      reinterpret_cast<int (*)(int*, int)>(dlsym(nvidia_driver(), "cuDeviceGet"));
  const auto get_name =
      reinterpret_cast<int (*)(char*, int, int)>(dlsym(nvidia_driver(), "cuDeviceGetName"));
  std::array<char, 128> name{};
  int device = 0;
  if (!get_device || !get_name || get_device(&device, index) != 0) return "NVIDIA GPU";
  if (get_name(name.data(), static_cast<int>(name.size()), device) != 0) return "NVIDIA GPU";
  return name.data();
}

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "CPU";
}

}  // namespace

c10::Device choose_device(const std::string& kind, int local_rank) {
  if (kind == "cpu") return c10::Device(c10::kCPU);
  const int gpus = count_gpus();
  const int index = gpus == 1 ? 0 : local_rank;
  if (gpus > index) return {c10::kCUDA, static_cast<c10::DeviceIndex>(index)};
  if (gpus > 0)
    throw std::runtime_error(fmt::format(
        "rank {} of this machine needs a GPU of its own, but there are {}", local_rank, gpus));
  if (kind == "cuda") throw std::runtime_error(no_gpu_here);
  return c10::Device(c10::kCPU);
}

std::string describe_device(const c10::Device& device) {
  if (device.is_cuda()) return fmt::format("{}: {}", device.str(), gpu_model(device.index()));
  const int threads = at::get_num_threads();
  return fmt::format("cpu: {}, {}", cpu_model(), counted(threads, "thread"));
}

std::vector<std::string> gpu_addresses(const c10::Device& device) {
  std::vector<std::string> addresses;
  if (!device.is_cuda()) return addresses;
  const auto get_address =
      reinterpret_cast<int (*)(char*, int, int)>(dlsym(nvidia_driver(), "cuDeviceGetPCIBusId"));
  std::array<char, 32> address{};
  for (int i = 0; get_address && i < count_gpus(); ++i)
    if (get_address(address.data(), static_cast<int>(address.size()), i) == 0)
      addresses.emplace_back(address.data());
  return addresses;
}

Json library_versions(const c10::Device& device) {
  if (!device.is_cuda()) return {{"cpu_capability", at::get_cpu_capability()}};
  const auto& cuda = at::detail::getCUDAHooks();
  const auto runtime = cuda.versionCUDART();
  return {{"cuda", fmt::format("{}.{}", runtime / 1000, runtime % 1000 / 10)},
          {"cudnn", cuda.hasCuDNN() ? Json(cuda.versionCuDNN()) : Json()}};
}

void seed_generators(const c10::Device& device, std::uint64_t seed) {
  const auto seed_one = [seed](at::Generator generator) {
    const std::lock_guard lock(generator.mutex());
    generator.set_current_seed(seed);
  };
  seed_one(at::detail::getDefaultCPUGenerator());
  if (device.is_cuda()) seed_one(at::globalContext().defaultGenerator(device));
}

void use_deterministic_algorithms(bool deterministic) {
  if (deterministic) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);  // cuBLAS asks for it
  constexpr bool only_warn = false;
  at::globalContext().setDeterministicAlgorithms(deterministic, only_warn);
  at::globalContext().setDeterministicCuDNN(deterministic);
  at::globalContext().setBenchmarkCuDNN(false);
}

void wait_for(const c10::Device& device) {
  if (!device.is_cpu())
    c10::impl::VirtualGuardImpl(device.type()).synchronizeDevice(device.index());
}

std::int64_t peak_memory(const c10::Device& device) {
  if (device.is_cuda())
    return at::getDeviceAllocator(device.type())
        ->getDeviceStats(device.index())
        .allocated_bytes[0]
        .peak;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  constexpr std::int64_t kib = 1024;
  return used.ru_maxrss * kib;
}

void forget_peak_memory(const c10::Device& device) {
  if (device.is_cuda()) {
    auto* allocator = at::getDeviceAllocator(device.type());
    if (allocator->initialized()) allocator->resetPeakStats(device.index());
  } else {
    constexpr auto reset_peak = "5";
    std::ofstream("/proc/self/clear_refs") << reset_peak;
  }
}

void allow_tf32(bool allowed) {
  at::globalContext().setAllowTF32CuBLAS(allowed);
  at::globalContext().setAllowTF32CuDNN(allowed);
}

}  // namespace runner
