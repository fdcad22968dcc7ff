#include "runner/launch/slurm.hpp"

#include "experiments/error.hpp"
#include "tests/experiments/fixture.hpp"

using namespace runner;

namespace {

std::string first(const std::string& hosts) { return first_host({"SLURM_JOB_NODELIST", hosts}); }

std::vector<int> counts(const std::string& list) {
  return tasks_of_nodes({"SLURM_STEP_TASKS_PER_NODE", list});
}

}  // namespace

TEST_CASE("the first host of a list is found, however it is written") {
  CHECK(first("node1") == "node1");
  CHECK(first("node[1-3,7]") == "node1");
  CHECK(first("n[001-004]") == "n001");
  CHECK(first("n[7,9]") == "n7");
  CHECK(first("n[7]") == "n7");
  CHECK(first("a[1-2]b[3-4]") == "a1b3");
  CHECK(first("rack[2-3]-node[10-12].cluster,x9") == "rack2-node10.cluster");
  CHECK(first("x1,y2") == "x1");
  CHECK(error_of<UserError>([] { first("node[1-3"); }) ==
        "SLURM_JOB_NODELIST is 'node[1-3': expected a list like node[1-3,7]");
}

TEST_CASE("Slurm's short form of the tasks on each node is read") {
  CHECK(counts("4") == std::vector{4});
  CHECK(counts("3,1") == std::vector{3, 1});
  CHECK(counts("2(x2),1") == std::vector{2, 2, 1});
  CHECK(counts("8(x3)") == std::vector{8, 8, 8});
  for (const std::string wrong : {"x", "2(x2", "2(2)", "2(x2)x", "0", "2;1", "2(x-1)"})
    CHECK(error_of<UserError>([&] { counts(wrong); }) ==
          "SLURM_STEP_TASKS_PER_NODE is '" + wrong + "': expected a list like 2(x2),1");
}
