#include "tests/program/program.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
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
  CHECK(printed.out.find("launch     2 ranks on 2 nodes x 1, by torchrun") != std::string::npos);
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

TEST_CASE("when the network between two hosts breaks, both ends stop within the heartbeat") {
  const TwoHosts hosts;
  if (hosts.missing()) return;
  const TemporaryDirectory folder, elsewhere;
  const std::vector<std::string> endless{"train.epochs=100000", "topology.heartbeat=1"};
  auto other = hosts.run(1, elsewhere, endless);
  auto first = hosts.run(0, folder, endless);
  REQUIRE(first.wait_for("epoch 1,"));
  hosts.pull_the_cable();
  const auto there = other.wait();
  const auto here = first.wait();
  CHECK(here.code == 1);
  CHECK(std::regex_search(here.err, std::regex("rank 1 on [^ ]+ hangs at step [0-9]+: no sign of "
                                               "life for 1 s \\(topology.heartbeat\\)\n")));
  CHECK(there.code == 1);
  CHECK(there.err == "runner: rank 1: the runner of rank 0 is silent\n");
  CHECK(left_running(hosts.mark()).empty());
}
