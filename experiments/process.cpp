#include "experiments/process.hpp"

#include <array>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

namespace runner {
namespace {

std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

// 0 when there is no such process, or only its unreaped remains.
std::int64_t start_time(std::int64_t pid) {
  const std::string line = first_line(fmt::format("/proc/{}/stat", pid));
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(line.substr(name_end + 2));
  std::string field;
  fields >> field;
  if (field == "Z" || field == "X") return 0;
  for (int number = 4; number <= 22; ++number) fields >> field;
  return std::stoll(field);
}

}  // namespace

Process current_process() {
  const auto pid = static_cast<std::int64_t>(getpid());
  return {host_name(), first_line("/proc/sys/kernel/random/boot_id"), pid, start_time(pid)};
}

bool is_alive(const Process& process, const Process& here) {
  return process.boot_id == here.boot_id && start_time(process.pid) == process.started;
}

}  // namespace runner
