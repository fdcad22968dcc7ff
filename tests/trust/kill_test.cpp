#include "experiments/store.hpp"
#include "tests/trust/chance.hpp"
#include "tests/trust/deed.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

using namespace runner;

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// How long the deed takes undisturbed.
Seconds duration_of(const Deed& deed) {
  static std::map<const Deed*, Seconds> known;
  if (const auto found = known.find(&deed); found != known.end()) return found->second;
  const World world;
  const auto begin = Clock::now();
  const auto printed = world.run(words_of(deed, world));
  INFO(deed.name << ": " << printed.err);
  REQUIRE(printed.code == 0);
  return known[&deed] = Clock::now() - begin;
}

void check(const World& world, const std::map<std::string, std::int64_t>& committed) {
  CHECK(fmt::format("{}", fmt::join(world.broken(), "\n")) == "");
  const auto now = committed_points(world.database());
  for (const auto& run : committed) {
    const auto found = now.find(run.first);
    // `delete` takes a run with all that it has.
    if (found == now.end()) continue;
    INFO("run " << run.first);
    CHECK(found->second >= run.second);
  }
}

/// Waits a random moment, and kills it or one of its workers.
template <typename Random>
void kill_somewhere(Program& program, Seconds duration, Random& random) {
  std::this_thread::sleep_for(duration * std::uniform_real_distribution<double>(0, 1.1)(random));
  auto victim = program.pid();
  const auto workers = children_of(victim);
  if (!workers.empty() && below(random, 4) == 0) victim = workers[below(random, workers.size())];
  kill(victim, SIGKILL);
}

/// Tests that run all deeds count them.
void tell(const std::map<std::string, int>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) text += fmt::format("{} {}, ", name, count);
  MESSAGE(text);
}

}  // namespace

TEST_CASE("kill -9 at a random moment loses nothing, and whoever goes on comes to the same end") {
  std::map<std::string, int> killed;
  by_chance(28, [&](auto& random) {
    const auto& deed = deeds()[below(random, deeds().size())];
    INFO(deed.name);
    const auto duration = duration_of(deed);
    const World world;
    std::map<std::string, std::int64_t> committed;
    {
      auto program = world.start(words_of(deed, world));
      kill_somewhere(program, duration, random);
      committed = committed_points(world.database());
      const auto printed = program.wait();
      if (printed.code == -SIGKILL) ++killed[deed.name];
    }
    CHECK(left_running(world.mark()).empty());
    check(world, committed);
    CHECK(aftermath(world, {&deed}) == "");
  });
  tell(killed);
}

TEST_CASE("of two commands at once one is killed at a random moment, and the other goes on") {
  std::map<std::string, int> killed;
  by_chance(12, [&](auto& random) {
    const auto& first = deeds()[below(random, deeds().size())];
    const auto& second = deeds()[below(random, deeds().size())];
    INFO(first.name << " and " << second.name);
    const auto duration = std::max(duration_of(first), duration_of(second));
    const World world;
    std::map<std::string, std::int64_t> committed;
    {
      auto one = world.start(words_of(first, world), "one");
      auto two = world.start(words_of(second, world), "two");
      kill_somewhere(one, duration, random);
      if (below(random, 2) == 0) two.signal(SIGKILL);
      committed = committed_points(world.database());
      const auto ended = one.wait(), other = two.wait();
      if (ended.code == -SIGKILL) ++killed[first.name];
      INFO("the other: " << other.err);
      // Two of a kind may meet at one run, of which one has it.
      const bool same = first.name == second.name;
      CHECK((other.code == 0 || other.code == -SIGKILL || (same && other.code == 2) ||
             (other.code == 1 && other.err.find("was killed by SIGKILL") != std::string::npos)));
    }
    CHECK(left_running(world.mark()).empty());
    check(world, committed);
    CHECK(aftermath(world, {&first, &second}) == "");
  });
  tell(killed);
}

TEST_CASE("a submit that is killed before Slurm has answered leaves a run that can be stopped") {
  const World world;
  const auto& submit = *std::ranges::find(deeds(), "submit", &Deed::name);
  std::ofstream(world.folder() / "bin/sbatch") << "#!/bin/sh\nkill -9 $PPID\n";
  CHECK(world.run(words_of(submit, world)).code == -SIGKILL);
  const auto stopped = world.run({"stop", "last"});
  CHECK(stopped.code == 0);
  CHECK(stopped.out.ends_with(" is failed: stopped before Slurm had a job for it\n"));
  CHECK(world.run({"delete", "queued", "--yes"}).code == 0);
  CHECK(std::filesystem::is_empty(world.folder() / ".runner/slurm"));
}

TEST_CASE("resuming deletes what a killed save has left, and nothing that a user has put there") {
  const World world;
  std::filesystem::path checkpoints;
  {
    Store store = Store::open(world.database());
    auto run = store.database().prepare("SELECT id FROM runs WHERE name = 'stopped'");
    REQUIRE(run.step());
    checkpoints = world.folder() / ".runner/checkpoints" / run.text(0);
  }
  for (const auto* name : {"step-48.tmp", "best-of-all"}) {
    std::filesystem::create_directory(checkpoints / name);
    std::ofstream(checkpoints / name / "model.safetensors") << "kept";
  }
  CHECK(world.run({"resume", "stopped", "train.max_steps=47"}).code == 0);
  CHECK_FALSE(std::filesystem::exists(checkpoints / "step-48.tmp"));
  CHECK(read_file(checkpoints / "best-of-all/model.safetensors") == "kept");
}
