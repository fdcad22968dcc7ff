#pragma once

#include "runner/launch/nvml.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace runner {

/// What is measured, of which ranks, and how often.
struct SystemWatch {
  std::vector<pid_t> ranks;                ///< on this machine
  std::chrono::duration<double> every{0};  ///< 0: never
  int first_gpu = 0, gpus = 0;             ///< of those that are visible here
};

/// What a run takes of its machine: the processor time and memory of its ranks here, how busy the
/// machine is as a whole, and how its GPUs are used.
class SystemMetrics {
 public:
  /// Time runs from now on.
  explicit SystemMetrics(SystemWatch watch);

  /// The PCI addresses of the GPUs that are visible here.
  void set_gpus(const std::vector<std::string>& addresses);

  /// Whether it is time to measure.
  bool due() const;

  /// Name and value: system/cpu_cores (that the ranks kept busy since the last measurement),
  /// system/resident_mib (memory that they hold), system/host_cpu_percent and
  /// system/host_memory_percent (of the whole machine), and of each GPU
  /// system/gpu0/utilization_percent, memory_mib, power_watts and temperature_celsius.
  std::vector<std::pair<std::string, double>> measure();

 private:
  struct Times {
    double ranks = 0;  ///< seconds of processor time
    double host_busy = 0, host_all = 0;
    std::chrono::steady_clock::time_point at;
  };
  Times times() const;

  SystemWatch watch_;
  std::vector<std::string> gpus_;
  std::unique_ptr<Nvml> nvml_;
  Times last_;
};

}  // namespace runner
