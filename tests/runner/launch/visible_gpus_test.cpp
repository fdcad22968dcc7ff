#include "runner/launch/visible_gpus.hpp"

#include "tests/experiments/fixture.hpp"
#include "tests/runner/launch/environment.hpp"

#include <fstream>

using namespace runner;

namespace {

namespace fs = std::filesystem;

/// A machine with so many GPUs, as its files tell.
class Machine {
 public:
  Machine(int listed, int devices) {
    fs::create_directories(root_.path() / "proc/driver/nvidia/gpus");
    fs::create_directories(root_.path() / "dev");
    for (int i = 0; i < listed; ++i)
      fs::create_directory(root_.path() / "proc/driver/nvidia/gpus" /
                           ("0000:0" + std::to_string(i) + ":00.0"));
    for (int i = 0; i < devices; ++i)
      std::ofstream(root_.path() / "dev" / ("nvidia" + std::to_string(i)));
    for (const auto* other : {"nvidiactl", "nvidia-uvm", "null"})
      std::ofstream(root_.path() / "dev" / other);
  }

  int shows() const { return visible_gpus(environment_of({}), root_.path()); }
  int shows(const std::string& list) const {
    return visible_gpus(environment_of({{"CUDA_VISIBLE_DEVICES", list}}), root_.path());
  }

 private:
  TemporaryFolder root_;
};

}  // namespace

TEST_CASE("GPUs are counted as the driver lists them, and as a container gets them") {
  CHECK(Machine(0, 0).shows() == 0);
  CHECK(Machine(4, 0).shows() == 4);
  CHECK(Machine(0, 2).shows() == 2);
  CHECK(Machine(8, 2).shows() == 2);
}

TEST_CASE("CUDA_VISIBLE_DEVICES leaves some of the GPUs, up to its first wrong entry") {
  const Machine machine(4, 4);
  CHECK(machine.shows("0,1") == 2);
  CHECK(machine.shows("3") == 1);
  CHECK(machine.shows("") == 0);
  CHECK(machine.shows("-1") == 0);
  CHECK(machine.shows("0,-1,1") == 1);
  CHECK(machine.shows("0,4,1") == 1);
  CHECK(machine.shows("0,none,1") == 1);
  CHECK(machine.shows("NoDevFiles") == 0);
  CHECK(machine.shows("GPU-8932f937-d72c-4106-c12f-20bd9faed9f6,MIG-2") == 2);
}

TEST_CASE("CUDA_VISIBLE_DEVICES makes no GPUs where there is no driver") {
  CHECK(Machine(0, 0).shows("0,1") == 0);
}
