#include "runner/doctor/check.hpp"
#include "runner/doctor/read.hpp"
#include "runner/launch/host_memory.hpp"
#include "runner/terminal/number.hpp"

#include <algorithm>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace runner::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t gigabyte = 1'000'000'000;

/// CPUs by the cgroup's quota: `MICROSECONDS PERIOD`, or `max`.
std::optional<double> quota(const fs::path& root) {
  std::ifstream file(root / "sys/fs/cgroup/cpu.max");
  double time = 0, period = 0;
  if (!(file >> time >> period) || period <= 0) return std::nullopt;
  return time / period;
}

Check cores(const Place& place) {
  cpu_set_t set;
  const auto all = std::max(1U, std::thread::hardware_concurrency());
  const auto usable =
      sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : static_cast<int>(all);
  const auto limit = quota(place.root);
  if (limit && *limit < usable)
    return {
        "machine", "cores", Health::warning,
        fmt::format("{}, but the cgroup allows {:.3g} of them: threads would wait", usable, *limit),
        fmt::format("runner run RECIPE topology.threads={}",
                    std::max(1, static_cast<int>(*limit)))};
  return {"machine", "cores", Health::ok,
          usable == static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN))
              ? std::to_string(usable)
              : fmt::format("{} of {}", usable, sysconf(_SC_NPROCESSORS_ONLN))};
}

Check memory(const Place& place) {
  auto [total, available] = host_memory(place.root / "proc");
  auto text = fmt::format("{} free of {}", bytes(available), bytes(total));
  if (const auto limit = number_in(place.root / "sys/fs/cgroup/memory.max");
      limit && *limit < total) {
    const auto left = *limit - number_in(place.root / "sys/fs/cgroup/memory.current").value_or(0);
    text += fmt::format("; the cgroup allows {}, of which {} are free", bytes(*limit), bytes(left));
    available = std::min(available, left);
  }
  if (available >= gigabyte) return {"machine", "memory", Health::ok, text};
  return {"machine", "memory", Health::warning, text + ": a worker alone takes 0.3 GB",
          "ps -eo rss,pid,args --sort=-rss | head"};
}

/// NCCL and Gloo share memory there.
Check shared_memory(const Place& place) {
  std::error_code unreadable;
  const auto space = fs::space(place.root / "dev/shm", unreadable);
  if (unreadable)
    return {"machine", "/dev/shm", Health::problem, "not there: ranks cannot share memory",
            "mount -t tmpfs -o size=50% tmpfs /dev/shm"};
  const auto size = static_cast<std::int64_t>(space.capacity);
  auto text =
      fmt::format("{} free of {}", bytes(static_cast<std::int64_t>(space.available)), bytes(size));
  if (size >= gigabyte) return {"machine", "/dev/shm", Health::ok, text};
  return {"machine", "/dev/shm", Health::warning, text + ": little for NCCL, as containers have it",
          "mount -o remount,size=8G /dev/shm    (of a container: docker run --shm-size=8g)"};
}

Check open_files() {
  constexpr rlim_t enough = 1024;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const auto text =
      limit.rlim_cur == RLIM_INFINITY ? std::string("unlimited") : std::to_string(limit.rlim_cur);
  if (limit.rlim_cur >= enough) return {"machine", "open files", Health::ok, text};
  return {"machine", "open files", Health::warning, text + ": many ranks or trials need more",
          "ulimit -n 65536"};
}

}  // namespace

Checks check_machine(const Place& place) {
  return {cores(place), memory(place), shared_memory(place), open_files()};
}

}  // namespace runner::doctor
