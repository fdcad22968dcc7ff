#pragma once

#include <string>
#include <vector>

namespace runner::doctor {

/// What NVIDIA's management library says, which comes with the driver; nothing where it is not.
class Nvml {
 public:
  explicit Nvml(const std::string& library);

  /// CUDA's version that the driver can do, `13.0`; empty where nothing answers.
  std::string cuda_version() const { return cuda_; }
  /// `NVIDIA H100 80GB HBM3 (85.5 GB)`, one for each GPU.
  const std::vector<std::string>& devices() const { return devices_; }

 private:
  std::string cuda_;
  std::vector<std::string> devices_;
};

}  // namespace runner::doctor
