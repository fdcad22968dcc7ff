#include "experiments/store.hpp"
#include "tests/program/program.hpp"
#include "tests/trust/relay.hpp"

#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <thread>

#include <doctest/doctest.h>

using namespace runner;

namespace {

using std::chrono::milliseconds;

/// A few steps of a small model whose gradients cross the network.
const std::vector<std::string> small_training{
    "run",
    std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml",
    "precision=fp64",
    "topology={name: ddp, device: cpu, threads: 1, heartbeat: 20, timeout: 100}",
    "dataset={name: synthetic, samples: 64, eval_samples: 16, shape: [1, 2, 2], classes: 2}",
    "model={name: mlp, hidden: [4]}",
    "train={batch_size: 16, epochs: 100, max_steps: 40}",
    "eval={batch_size: 16, every: 1 epoch}",
    "log.every=1 steps",
    "save.every=null"};

Program start(const TwoHosts& hosts, int rank, const TemporaryDirectory& folder) {
  std::vector<std::string> words{"ip", "netns", "exec", hosts.name(rank), runner_executable()};
  words.insert(words.end(), small_training.begin(), small_training.end());
  return Program::command(folder.path(), words,
                          {{"RANK", std::to_string(rank)},
                           {"WORLD_SIZE", "2"},
                           {"LOCAL_RANK", "0"},
                           {"LOCAL_WORLD_SIZE", "1"},
                           {"MASTER_ADDR", TwoHosts::address(0)},
                           {"MASTER_PORT", "29500"},
                           {"RUNNER_SECRET", "of sixteen bytes"}});
}

/// Trains on two hosts while the weather changes; gives the losses, which must be complete.
std::map<std::int64_t, double> losses_in(TwoHosts& hosts,
                                         const std::function<void(Weather&, Program&)>& change) {
  const TemporaryDirectory folder, elsewhere;
  auto other = start(hosts, 1, elsewhere);
  auto first = start(hosts, 0, folder);
  change(hosts.weather(), first);
  const auto printed = first.wait();
  const auto printed_there = other.wait();
  CAPTURE(printed.err);
  CAPTURE(printed_there.err);
  CHECK(printed.code == 0);
  CHECK(printed_there.code == 0);
  CHECK(printed.err.find("WARNING") == std::string::npos);
  std::map<std::int64_t, double> found;
  Store store = Store::open(folder.path() / ".runner" / "experiments.db");
  auto points = store.database().prepare(
      "SELECT step, value FROM metrics WHERE name = 'train/loss' ORDER BY step");
  while (points.step()) found[points.integer(0)] = points.real(1);
  CHECK(found.size() == 40);
  return found;
}

void fair(Weather& weather) {
  weather.cut = weather.stalled = weather.split = false;
  weather.delay_ms = 0;
}

/// Something else every now and then, from the start to the end.
void change_by_chance(Weather& weather, std::mt19937& random) {
  for (int i = 0; i < 8; ++i) {
    const auto kind = random() % 4;
    weather.cut = kind == 0;
    weather.stalled = kind == 1;
    weather.split = kind == 2;
    weather.delay_ms = kind == 3 ? static_cast<int>(random() % 100) : 0;
    std::this_thread::sleep_for(milliseconds(random() % 1500));
  }
  fair(weather);
}

std::uint32_t tries(std::uint32_t few) {
  const char* text = std::getenv("RUNNER_TRUST_TRIES");
  return text ? static_cast<std::uint32_t>(std::atoi(text)) : few;
}

}  // namespace

TEST_CASE("two hosts train to the same bits whatever the network does to what passes") {
  TwoHosts hosts;
  if (hosts.missing()) return;
  const auto undisturbed = losses_in(hosts, [](Weather&, Program&) {});
  const std::map<std::string, std::function<void(Weather&, Program&)>> weathers{
      {"single bytes", [](Weather& weather, Program&) { weather.split = true; }},
      {"late", [](Weather& weather, Program&) { weather.delay_ms = 50; }},
      {"stalled while they meet",
       [](Weather& weather, Program&) {
         weather.stalled = true;
         std::this_thread::sleep_for(milliseconds(4000));
         weather.stalled = false;
       }},
      {"cut for a while while they meet and while they train",
       [](Weather& weather, Program& first) {
         weather.cut = true;
         std::this_thread::sleep_for(milliseconds(2500));
         weather.cut = false;
         REQUIRE(first.wait_for("epoch 2,"));
         weather.cut = true;
         std::this_thread::sleep_for(milliseconds(1000));
         weather.cut = false;
       }},
      {"stalled while they train", [](Weather& weather, Program& first) {
         REQUIRE(first.wait_for("epoch 2,"));
         weather.stalled = true;
         std::this_thread::sleep_for(milliseconds(2000));
         weather.stalled = false;
       }}};
  for (const auto& each : weathers) {
    CAPTURE(each.first);
    CHECK(losses_in(hosts, each.second) == undisturbed);
    fair(hosts.weather());
  }
}

TEST_CASE("two hosts train to the same bits in any weather") {
  TwoHosts hosts;
  if (hosts.missing()) return;
  const auto undisturbed = losses_in(hosts, [](Weather&, Program&) {});
  for (std::uint32_t seed = 1; seed <= tries(1); ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    CHECK(losses_in(hosts, [&](Weather& weather, Program&) {
            change_by_chance(weather, random);
          }) == undisturbed);
  }
}
