#include "runner/launch/job_size.hpp"

#include "experiments/error.hpp"
#include "tests/experiments/fixture.hpp"

#include <fmt/format.h>

using namespace runner;

namespace {

Placement counted(std::optional<CountRange> nodes, std::optional<std::int64_t> devices) {
  Placement placement;
  placement.nodes = nodes;
  placement.devices = devices;
  return placement;
}

// "2 x 4", or the error.
std::string sized(const WantedSize& wanted, const Placement& placement = {}) {
  std::string size;
  const auto error = error_of<UserError>([&] {
    const auto [nodes, tasks] = job_size(wanted, placement);
    size = fmt::format("{} x {}", to_string(nodes), tasks);
  });
  return error.empty() ? size : error;
}

}  // namespace

TEST_CASE("a job has the size that was asked for, else the recipe's, else one task") {
  CHECK(sized({.nodes = 2, .gpus = 8}) == "2 x 4");
  CHECK(sized({.nodes = 2, .ntasks = 4}) == "2 x 2");
  CHECK(sized({.gpus = 8}) == "1 x 8");
  CHECK(sized({}) == "1 x 1");
  CHECK(sized({}, counted(2, 4)) == "2 x 4");
  CHECK(sized({.gpus = 8}, counted(2, {})) == "2 x 4");
}

TEST_CASE("a total that the nodes cannot share is refused") {
  CHECK(sized({.nodes = 3, .gpus = 8}) ==
        "--gpus 8 does not divide by the 3 nodes: each gets the same");
  CHECK(sized({.nodes = 2, .ntasks = 3}) ==
        "--ntasks 3 does not divide by the 2 nodes: each gets the same");
}

TEST_CASE("a size other than the recipe's is refused with both numbers") {
  CHECK(sized({.nodes = 2, .gpus = 8}, counted({}, 8)) ==
        "topology.devices is 8, but the job has 4 tasks on each node");
  CHECK(sized({.nodes = 2}, counted(4, {})) == "topology.nodes is 4, but --nodes is 2");
  Placement alone;
  alone.alone = true;
  CHECK(sized({.ntasks = 4}, alone) == "topology 'single' is one process, but the job has 4 tasks");
}

TEST_CASE("a range of nodes is the job's, and its tasks are counted for each node") {
  const CountRange nodes(1, 4);
  CHECK(sized({}, counted(nodes, 2)) == "1..4 x 2");
  CHECK(sized({.nodes = 3}, counted(nodes, 2)) == "3 x 2");
  CHECK(sized({.nodes = 5}, counted(nodes, 2)) == "topology.nodes is 1..4, but --nodes is 5");
  CHECK(sized({.gpus = 8}, counted(nodes, {})) ==
        "--gpus 8 counts those of all nodes together, but topology.nodes is 1..4: say "
        "topology.devices, which counts those of each, or --nodes");
}

TEST_CASE("a recipe for another launcher is not submitted") {
  Placement placement;
  placement.launcher = "torchrun";
  CHECK(sized({}, placement) ==
        "topology.launcher is torchrun, but a submitted job is started by srun: leave it out");
}
