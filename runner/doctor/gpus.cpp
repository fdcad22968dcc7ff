#include "runner/doctor/check.hpp"
#include "runner/doctor/read.hpp"
#include "runner/launch/nvml.hpp"
#include "runner/launch/visible_gpus.hpp"
#include "runner/supervise/worker_process.hpp"
#include "runner/terminal/number.hpp"

#include <fmt/format.h>

namespace runner::doctor {
namespace {

namespace fs = std::filesystem;

/// CUDA's version that LibTorch was built for: `2.11.0+cu130` -> 13.0.
std::string libtorch_cuda() {
  const std::string version = RUNNER_LIBTORCH;
  const auto digits = version.substr(version.find("+cu") + 3);
  return digits.substr(0, digits.size() - 1) + "." + digits.back();
}

/// `NVIDIA H100 80GB HBM3 (79.0 GB free of 80.0 GB)`
std::string describe(const GpuInfo& gpu) {
  if (gpu.total_bytes == 0) return gpu.name;
  return fmt::format("{} ({} free of {})", gpu.name, bytes(gpu.free_bytes), bytes(gpu.total_bytes));
}

Check driver(const std::string& version, const Nvml* nvml, const std::string& library) {
  const auto cuda = nvml ? nvml->cuda_version() : "";
  if (cuda.empty())
    return {"gpu", "driver", Health::problem,
            fmt::format("{}, but its library {} does not answer", version, library), "nvidia-smi"};
  const int have = std::stoi(cuda), need = std::stoi(libtorch_cuda());
  auto text =
      fmt::format("{}, for CUDA up to {}; LibTorch has CUDA {}", version, cuda, libtorch_cuda());
  if (have >= need) return {"gpu", "driver", Health::ok, text};
  return {"gpu", "driver", Health::problem, text + ": GPUs cannot be used",
          "apt-get install nvidia-driver    (a newer one; https://www.nvidia.com/drivers)"};
}

Check devices(const Place& place, const Nvml* nvml) {
  const int visible = visible_gpus(place.environment, place.root);
  const auto list = place.environment("CUDA_VISIBLE_DEVICES");
  if (visible == 0)
    return {"gpu", "devices", Health::warning,
            list ? fmt::format("none is visible: CUDA_VISIBLE_DEVICES={}", *list)
                 : "a driver, but no GPU",
            list ? "unset CUDA_VISIBLE_DEVICES" : "nvidia-smi"};
  std::string names;
  for (const auto& gpu : nvml ? nvml->devices() : std::vector<GpuInfo>())
    names += (names.empty() ? ": " : ", ") + describe(gpu);
  return {"gpu", "devices", Health::ok, fmt::format("{}{}", visible, names)};
}

/// LibTorch's wheels lie side by side: torch/lib and nvidia/nccl/lib.
Check nccl() try {
  const auto beside = find_worker().parent_path() / "librunner-cuda.so";
  if (fs::exists(beside)) return {"gpu", "NCCL", Health::ok, beside.string()};
  return {"gpu", "NCCL", Health::warning,
          "not built: several GPUs would exchange gradients by Gloo", "./dev build"};
} catch (const std::exception&) {
  return {"gpu", "NCCL", Health::warning, "no worker, so none", "./dev build"};
}

}  // namespace

Checks check_gpus(const Place& place) {
  const auto version = driver_version(place.root);
  if (version.empty() && visible_gpus(place.environment, place.root) == 0)
    return {{"gpu", "driver", Health::ok, "no NVIDIA driver: runs use the CPU"}};
  const auto nvml = Nvml::open(place.nvml);
  return {driver(version, nvml.get(), place.nvml), devices(place, nvml.get()), nccl()};
}

}  // namespace runner::doctor
