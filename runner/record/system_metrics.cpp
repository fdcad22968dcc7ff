#include "runner/record/system_metrics.hpp"

#include "runner/launch/host_memory.hpp"

#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace runner {
namespace {

constexpr double mib = 1 << 20;

/// Of /proc/PID/stat what comes behind the name, which may hold anything but ends with the last
/// ')'.
std::istringstream stat_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(file, text);
  const auto name_ends = text.rfind(')');
  return std::istringstream(name_ends == std::string::npos ? "" : text.substr(name_ends + 1));
}

// proc(5): fields 14 and 15 are the times in user and kernel mode, in ticks; 3 is the first here.
double processor_seconds(pid_t pid) {
  auto fields = stat_of(pid);
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0, kernel = 0;
  fields >> user >> kernel;
  return (user + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// proc(5): the second number of statm is the resident set in pages.
double resident_bytes(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/statm", pid));
  double size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double used_percentage(const HostMemory& memory) {
  if (memory.total == 0) return 0;
  return 100 * (1 - static_cast<double>(memory.available) / static_cast<double>(memory.total));
}

}  // namespace

SystemMetrics::SystemMetrics(SystemWatch watch) : watch_(std::move(watch)), last_(times()) {}

void SystemMetrics::set_gpus(const std::vector<std::string>& addresses) {
  gpus_.clear();
  for (int i = watch_.first_gpu; i < watch_.first_gpu + watch_.gpus; ++i)
    if (i < std::ssize(addresses)) gpus_.push_back(addresses[static_cast<std::size_t>(i)]);
  if (!gpus_.empty()) nvml_ = Nvml::open();
}

bool SystemMetrics::due() const {
  return watch_.every.count() > 0 && std::chrono::steady_clock::now() - last_.at >= watch_.every;
}

SystemMetrics::Times SystemMetrics::times() const {
  Times now{0, 0, 0, std::chrono::steady_clock::now()};
  for (const auto rank : watch_.ranks) now.ranks += processor_seconds(rank);
  // proc(5): user nice system idle iowait irq softirq steal, in ticks.
  std::ifstream file("/proc/stat");
  std::string cpu;
  file >> cpu;
  for (int field = 0; field < 8; ++field) {
    double ticks = 0;
    file >> ticks;
    now.host_all += ticks;
    if (field != 3 && field != 4) now.host_busy += ticks;
  }
  return now;
}

std::vector<std::pair<std::string, double>> SystemMetrics::measure() {
  const auto before = std::exchange(last_, times());
  const auto seconds = std::chrono::duration<double>(last_.at - before.at).count();
  double memory = 0;
  for (const auto rank : watch_.ranks) memory += resident_bytes(rank);
  std::vector<std::pair<std::string, double>> all{
      {"system/cpu_cores", seconds > 0 ? (last_.ranks - before.ranks) / seconds : 0},
      {"system/resident_mib", memory / mib}};
  const auto passed = last_.host_all - before.host_all;
  if (passed > 0)
    all.emplace_back("system/host_cpu_percent",
                     100 * (last_.host_busy - before.host_busy) / passed);
  all.emplace_back("system/host_memory_percent", used_percentage(host_memory()));
  for (std::size_t i = 0; nvml_ && i < gpus_.size(); ++i) {
    const auto use = nvml_->use_of(gpus_[i]);
    if (!use) continue;
    const auto name = fmt::format("system/gpu{}/", i);
    all.emplace_back(name + "utilization_percent", use->utilization);
    all.emplace_back(name + "memory_mib", use->memory / mib);
    all.emplace_back(name + "power_watts", use->power);
    all.emplace_back(name + "temperature_celsius", use->temperature);
  }
  return all;
}

}  // namespace runner
