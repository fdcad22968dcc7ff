#pragma once

#include <string>
#include <vector>

namespace runner::doctor {

/// NVIDIA's management library, which comes with the driver; opened when it is asked.
class Nvml {
 public:
  static const Nvml& instance();

  /// CUDA's version that the driver can do, `13.0`; empty where nothing answers.
  std::string cuda_version() const { return cuda_; }
  /// `NVIDIA H100 80GB HBM3 (85.5 GB)`, one for each GPU.
  const std::vector<std::string>& devices() const { return devices_; }

 private:
  Nvml();

  std::string cuda_;
  std::vector<std::string> devices_;
};

}  // namespace runner::doctor
