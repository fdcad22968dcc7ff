#include "runner/doctor/check.hpp"
#include "runner/doctor/nvml.hpp"
#include "runner/doctor/read.hpp"
#include "runner/launch/visible_gpus.hpp"
#include "runner/supervise/worker_process.hpp"

#include <regex>

#include <fmt/format.h>

namespace runner::doctor {
namespace {

namespace fs = std::filesystem;

constexpr auto area = "gpu";

/// CUDA's version that LibTorch was built for: `2.11.0+cu130` -> 13.0.
std::string libtorch_cuda() {
  const std::string version = RUNNER_LIBTORCH;
  const auto digits = version.substr(version.find("+cu") + 3);
  return digits.substr(0, digits.size() - 1) + "." + digits.back();
}

/// `NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  ...`
std::string driver_version(const Place& place) {
  const auto line = first_line(place.root / "proc/driver/nvidia/version");
  std::smatch found;
  return std::regex_search(line, found, std::regex(R"((\d+\.\d+(\.\d+)?))")) ? found[1].str() : "";
}

Check driver(const std::string& version, const Nvml& nvml, const std::string& library) {
  const auto cuda = nvml.cuda_version();
  if (cuda.empty())
    return {area, "driver", Health::problem,
            fmt::format("{}, but its library {} does not answer", version, library), "nvidia-smi"};
  const int have = std::stoi(cuda), need = std::stoi(libtorch_cuda());
  auto text =
      fmt::format("{}, for CUDA up to {}; LibTorch has CUDA {}", version, cuda, libtorch_cuda());
  if (have >= need) return {area, "driver", Health::ok, text};
  return {area, "driver", Health::problem, text + ": GPUs cannot be used",
          "apt-get install nvidia-driver    (a newer one; https://www.nvidia.com/drivers)"};
}

Check devices(const Place& place, const Nvml& nvml) {
  const int visible = visible_gpus(place.environment, place.root);
  const auto list = place.environment("CUDA_VISIBLE_DEVICES");
  if (visible == 0)
    return {area, "devices", Health::warning,
            list ? fmt::format("none is visible: CUDA_VISIBLE_DEVICES={}", *list)
                 : "a driver, but no GPU",
            list ? "unset CUDA_VISIBLE_DEVICES" : "nvidia-smi"};
  std::string names;
  for (const auto& name : nvml.devices()) names += (names.empty() ? ": " : ", ") + name;
  return {area, "devices", Health::ok, fmt::format("{}{}", visible, names)};
}

/// LibTorch's wheels lie side by side: torch/lib and nvidia/nccl/lib.
Check nccl() try {
  const auto beside = find_worker().parent_path() / "librunner-nccl.so";
  if (fs::exists(beside)) return {area, "NCCL", Health::ok, beside.string()};
  return {area, "NCCL", Health::warning, "not built: several GPUs would exchange gradients by Gloo",
          "./dev build"};
} catch (const std::exception&) {
  return {area, "NCCL", Health::warning, "no worker, so none", "./dev build"};
}

}  // namespace

Checks check_gpus(const Place& place) {
  const auto version = driver_version(place);
  if (version.empty() && visible_gpus(place.environment, place.root) == 0)
    return {{area, "driver", Health::ok, "no NVIDIA driver: runs use the CPU"}};
  const Nvml nvml(place.nvml);
  return {driver(version, nvml, place.nvml), devices(place, nvml), nccl()};
}

}  // namespace runner::doctor
