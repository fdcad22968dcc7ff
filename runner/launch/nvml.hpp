#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace runner {

struct GpuInfo {
  std::string name;
  std::int64_t free_bytes = 0, total_bytes = 0;  ///< 0: not told
};

/// How a GPU is used just now.
struct GpuUse {
  double utilization = 0;  ///< percent of the last time slice in which a kernel ran
  double memory = 0;       ///< bytes that are taken
  double power = 0;        ///< watts
  double temperature = 0;  ///< degrees Celsius
};

/// NVIDIA's Management Library, opened at run time where a driver has brought it along.
class Nvml {
 public:
  /// Null where there is none.
  static std::unique_ptr<Nvml> open(const std::string& library = "libnvidia-ml.so.1");
  ~Nvml();
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  /// CUDA's version that the driver can do, `13.0`; empty where it does not answer.
  std::string cuda_version() const;
  /// All of the machine's.
  std::vector<GpuInfo> devices() const;

  /// By the address on the PCI bus, as `0000:01:00.0`; what the GPU does not tell is 0, and nothing
  /// comes of a GPU that the library does not know.
  std::optional<GpuUse> use_of(const std::string& pci_address) const;

 private:
  explicit Nvml(void* library) : library_(library) {}
  template <class Function>
  Function find(const char* name) const;

  void* library_;
};

}  // namespace runner
