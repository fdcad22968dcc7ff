#include "runner/doctor/check.hpp"
#include "tests/experiments/fixture.hpp"

#include <fstream>
#include <map>

#include <doctest/doctest.h>

using namespace runner;
using namespace runner::doctor;

namespace {

/// A machine that has only these files.
struct Machine {
  TemporaryFolder folder;
  std::map<std::string, std::string> environment;

  void write(const std::string& file, const std::string& text) const {
    const auto path = folder.path() / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  Place place() const {
    Place place;
    place.root = folder.path();
    place.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    return place;
  }
};

Check find(const Checks& checks, const std::string& name) {
  for (const auto& check : checks)
    if (check.name == name) return check;
  return {};
}

}  // namespace

TEST_CASE("doctor sees a cgroup that allows less than the machine has") {
  Machine machine;
  machine.write("proc/meminfo", "MemTotal: 16000000 kB\nMemAvailable: 8000000 kB\n");
  machine.write("sys/fs/cgroup/memory.max", "1500000000\n");
  machine.write("sys/fs/cgroup/memory.current", "1000000000\n");
  machine.write("sys/fs/cgroup/cpu.max", "50000 100000\n");
  std::filesystem::create_directories(machine.folder.path() / "dev/shm");
  const auto checks = check_machine(machine.place());
  const auto memory = find(checks, "memory");
  CHECK(memory.health == Health::warning);
  CHECK(memory.found ==
        "8.2 GB free of 16.4 GB; the cgroup allows 1.5 GB, of which 500.0 MB are free: a worker "
        "alone takes 0.3 GB");
  const auto cores = find(checks, "cores");
  CHECK(cores.health == Health::warning);
  CHECK(cores.found.ends_with(", but the cgroup allows 0.5 of them: threads would wait"));
  CHECK(cores.fix == "runner run RECIPE topology.threads=1");
}

TEST_CASE("doctor misses /dev/shm where there is none") {
  Machine machine;
  machine.write("proc/meminfo", "MemTotal: 16000000 kB\nMemAvailable: 8000000 kB\n");
  const auto memory = find(check_machine(machine.place()), "/dev/shm");
  CHECK(memory.health == Health::problem);
  CHECK(memory.fix == "mount -t tmpfs -o size=50% tmpfs /dev/shm");
}

TEST_CASE(
    "doctor takes a machine without a driver for one of CPUs, and a driver without GPUs for a "
    "fault") {
  Machine machine;
  CHECK(check_gpus(machine.place()).front().found == "no NVIDIA driver: runs use the CPU");
  machine.write("proc/driver/nvidia/version",
                "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun Jul 27\n");
  machine.environment["CUDA_VISIBLE_DEVICES"] = "7";
  const auto devices = find(check_gpus(machine.place()), "devices");
  CHECK(devices.health == Health::warning);
  CHECK(devices.fix.size() > 0);
}

TEST_CASE("doctor asks the driver for its GPUs, and whether it can do LibTorch's CUDA") {
  Machine machine;
  machine.write("proc/driver/nvidia/version",
                "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun Jul 27\n");
  machine.write("proc/driver/nvidia/gpus/0000:01:00.0/information", "");
  auto place = machine.place();
  place.nvml = RUNNER_FAKE_NVML;
  const auto checks = check_gpus(place);
  CHECK(find(checks, "driver").health == Health::ok);
  CHECK(find(checks, "driver").found == "580.65.06, for CUDA up to 13.0; LibTorch has CUDA 13.0");
  CHECK(find(checks, "devices").found == "1: NVIDIA H100 (79.0 GB free of 80.0 GB)");
  setenv("FAKE_CUDA", "12040", 1);
  const auto old = find(check_gpus(place), "driver");
  unsetenv("FAKE_CUDA");
  CHECK(old.health == Health::problem);
  CHECK(old.found == "580.65.06, for CUDA up to 12.4; LibTorch has CUDA 13.0: GPUs cannot be used");
  place.nvml = "libno-such.so";
  CHECK(find(check_gpus(place), "driver").found ==
        "580.65.06, but its library libno-such.so does not answer");
}
