#include "experiments/store.hpp"
#include "tests/program/program.hpp"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

using namespace runner;

namespace {

const std::string recipes = std::string(RUNNER_SOURCE_DIR) + "/recipes/";

bool shell(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

/// Two hosts: network namespaces with a cable between them. Their loopbacks are apart.
class TwoHosts {
 public:
  TwoHosts() {
    made_ =
        shell("ip netns add " + host(0)) && shell("ip netns add " + host(1)) &&
        shell("ip -n " + host(0) + " link add cable type veth peer name cable netns " + host(1)) &&
        configure(0) && configure(1);
  }
  ~TwoHosts() {
    for (const int i : {0, 1}) shell("ip netns del " + host(i));
    std::filesystem::remove_all(names_of(0).parent_path());
  }
  TwoHosts(const TwoHosts&) = delete;
  TwoHosts& operator=(const TwoHosts&) = delete;

  /// CTest counts a test that prints this as skipped.
  bool missing() const {
    if (!made_) std::cout << "skipped: no network namespaces (needs root)\n";
    return !made_;
  }

  Program run(int rank, const TemporaryDirectory& folder,
              std::vector<std::string> overrides) const {
    std::vector<std::string> words{
        "ip", "netns", "exec", host(rank), runner_executable(), "run", recipes + "synthetic.yaml"};
    words.insert(words.end(), overrides.begin(), overrides.end());
    return Program::command(folder.path(), words,
                            {{"RANK", std::to_string(rank)},
                             {"WORLD_SIZE", "2"},
                             {"LOCAL_RANK", "0"},
                             {"LOCAL_WORLD_SIZE", "1"},
                             {"MASTER_ADDR", "10.91.7.1"},
                             {"MASTER_PORT", "29500"},
                             {"RUNNER_SECRET", "of sixteen bytes"},
                             {"RUNNER_TEST", host(0)}});
  }

  /// From now on a question to a name server is sent, and never answered.
  bool silence_name_server() const {
    std::filesystem::create_directories(names_of(0).parent_path());
    std::ofstream(names_of(0)) << "nameserver 10.91.7.9\noptions timeout:30 attempts:5\n";
    return shell("ip -n " + host(0) + " neigh add 10.91.7.9 lladdr 02:00:00:00:00:09 dev cable");
  }

  void pull_the_cable() const { shell("ip -n " + host(0) + " link set cable down"); }
  std::string mark() const { return host(0); }

 private:
  static std::string host(int i) {
    return "runner-" + std::to_string(getpid()) + "-" + std::to_string(i);
  }
  /// `ip netns exec` puts it in the place of /etc/resolv.conf.
  static std::filesystem::path names_of(int i) { return "/etc/netns/" + host(i) + "/resolv.conf"; }
  static bool configure(int i) {
    const auto ip = "ip -n " + host(i);
    return shell(ip + " addr add 10.91.7." + std::to_string(i + 1) + "/24 dev cable") &&
           shell(ip + " link set cable up") && shell(ip + " link set lo up");
  }

  bool made_ = false;
};

/// 2000 steps in fp64, which another number of ranks repeats to rounding.
std::vector<std::string> elastic(const std::string& topology, const std::string& more = "") {
  return {"precision=fp64",
          "topology={name: " + topology + ", device: cpu, threads: 1, heartbeat: 1" + more + "}",
          "dataset.samples=1010",
          "model.dropout=0.3",
          "optimizer={name: adam}",
          "train={batch_size: 50, epochs: 100, max_steps: 2000}",
          "log.every=1 steps",
          "save={every: 20 steps}"};
}

std::map<std::int64_t, double> losses(const TemporaryDirectory& folder) {
  std::map<std::int64_t, double> found;
  Store store = Store::open(folder.path() / ".runner" / "experiments.db");
  auto points = store.database().prepare(
      "SELECT step, value FROM metrics WHERE name = 'train/loss' ORDER BY step");
  while (points.step()) found[points.integer(0)] = points.real(1);
  return found;
}

/// What one process comes to with the same recipe.
std::map<std::int64_t, double> losses_alone() {
  const TemporaryDirectory folder;
  auto words = elastic("ddp");
  words.insert(words.begin(), {"run", recipes + "synthetic.yaml"});
  REQUIRE(run(folder.path(), words).code == 0);
  return losses(folder);
}

void check_same_curve(const std::map<std::int64_t, double>& found,
                      const std::map<std::int64_t, double>& wanted) {
  REQUIRE(wanted.size() == 2000);
  REQUIRE(found.size() == wanted.size());
  for (const auto& [step, loss] : wanted)
    CHECK(std::abs(found.at(step) - loss) < 1e-9 * std::abs(loss));
}

}  // namespace

TEST_CASE("two hosts that only a network joins train one model") {
  const TwoHosts hosts;
  if (hosts.missing()) return;
  const TemporaryDirectory folder, elsewhere;
  auto other = hosts.run(1, elsewhere, {"train.epochs=1"});
  const auto printed = hosts.run(0, folder, {"train.epochs=1"}).wait();
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(other.wait().code == 0);
  CHECK(printed.out.find("launch     2 ranks on 2 nodes x 1, started by torchrun") !=
        std::string::npos);
  CHECK(std::regex_search(printed.out, std::regex("accuracy: [0-9]+/2000 ")));
}

TEST_CASE("a name server that does not answer holds nobody up") {
  const TwoHosts hosts;
  if (hosts.missing()) return;
  REQUIRE(hosts.silence_name_server());
  const TemporaryDirectory folder, elsewhere;
  const auto begin = std::chrono::steady_clock::now();
  auto other = hosts.run(1, elsewhere, {"train.epochs=1"});
  CHECK(hosts.run(0, folder, {"train.epochs=1"}).wait().code == 0);
  CHECK(other.wait().code == 0);
  // One question that nobody answers would take 30 s.
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(25));
}

TEST_CASE("when the network between two hosts breaks, both ends stop soon after the heartbeat") {
  const TwoHosts hosts;
  if (hosts.missing()) return;
  const TemporaryDirectory folder, elsewhere;
  const std::vector<std::string> endless{"train.epochs=100000", "topology.heartbeat=1"};
  auto other = hosts.run(1, elsewhere, endless);
  auto first = hosts.run(0, folder, endless);
  REQUIRE(first.wait_for("epoch 1,"));
  hosts.pull_the_cable();
  const auto pulled = std::chrono::steady_clock::now();
  const auto here = first.wait();
  CHECK(std::chrono::steady_clock::now() - pulled < std::chrono::seconds(10));
  const auto there = other.wait();
  // Rank 0's process records the run first.
  CHECK(std::chrono::steady_clock::now() - pulled < std::chrono::seconds(15));
  CHECK(here.code == 1);
  CHECK(std::regex_search(here.err, std::regex("rank 1 on [^ ]+ hangs at step [0-9]+: no sign of "
                                               "life for 1 s \\(topology.heartbeat\\)\n")));
  CHECK(there.code == 1);
  CHECK(there.err == "runner: rank 1: the runner of rank 0 is silent\n");
  CHECK(left_running(hosts.mark()).empty());
}

TEST_CASE(
    "a run on one to two nodes goes on to its end when one of them is lost, on the same curve") {
  const TwoHosts hosts;
  if (hosts.missing()) return;
  const auto alone = losses_alone();
  for (const auto* topology : {"ddp", "zero1"}) {
    CAPTURE(topology);
    const TemporaryDirectory folder, elsewhere;
    const auto words = elastic(topology, ", nodes: 1..2, restarts: 1");
    auto other = hosts.run(1, elsewhere, words);
    auto first = hosts.run(0, folder, words);
    REQUIRE(first.wait_for("epoch 5,"));
    kill(other.pid(), SIGKILL);  // "ip netns exec" has become the runner
    const auto printed = first.wait();
    CAPTURE(printed.err);
    CHECK(printed.code == 0);
    CHECK(std::regex_match(
        printed.err,
        std::regex("runner: WARNING: rank 1 on [^ ]+ went away at step [0-9]+: the connection to "
                   "its runner closed; going on with 1 of 2 ranks \\(restart 1 of 1\\)\n")));
    const auto run = last_run(folder, "status,restarts,world_size");
    CHECK(run.at("status") == "done");
    CHECK(run.at("restarts") == 1);
    CHECK(run.at("world_size") == 1);
    check_same_curve(losses(folder), alone);
  }
}

TEST_CASE("when the cable is pulled, the host of rank 0 goes on, and the other ends") {
  const TwoHosts hosts;
  if (hosts.missing()) return;
  const TemporaryDirectory folder, elsewhere;
  const auto words = elastic("ddp", ", nodes: 1..2, restarts: 1");
  auto other = hosts.run(1, elsewhere, words);
  auto first = hosts.run(0, folder, words);
  REQUIRE(first.wait_for("epoch 5,"));
  hosts.pull_the_cable();
  CHECK(other.wait().code == 1);
  const auto printed = first.wait();
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(printed.err.find("going on with 1 of 2 ranks (restart 1 of 1)\n") != std::string::npos);
  check_same_curve(losses(folder), losses_alone());
}

TEST_CASE("a node that the recipe cannot do without ends the run, whatever the restarts") {
  const TwoHosts hosts;
  if (hosts.missing()) return;
  for (const auto* nodes : {"2..4", "2"}) {
    const TemporaryDirectory folder, elsewhere;
    const auto words = elastic("ddp", ", restarts: 3, nodes: " + std::string(nodes));
    auto other = hosts.run(1, elsewhere, words);
    auto first = hosts.run(0, folder, words);
    REQUIRE(first.wait_for("epoch 2,"));
    kill(other.pid(), SIGKILL);
    const auto printed = first.wait();
    CAPTURE(printed.err);
    CHECK(printed.code == 1);
    CHECK(printed.err.find("going on") == std::string::npos);
    CHECK(last_run(folder, "status").at("status") == "failed");
  }
}
