#include "experiments/store.hpp"
#include "tests/trust/chance.hpp"
#include "tests/trust/deed.hpp"
#include "tests/trust/disk.hpp"
#include "tests/trust/preloaded.hpp"

#include <map>
#include <memory>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace runner;

namespace {

namespace fs = std::filesystem;

/// What a command did to a world's files, and what it came to.
struct Logged {
  std::unique_ptr<World> before, after;
  Inodes inodes;
  std::vector<Operation> operations;
};

/// Of each deed once.
const Logged& log_of(const Deed& deed) {
  static std::map<const Deed*, Logged> known;
  auto& it = known[&deed];
  if (!it.operations.empty()) return it;
  it.after = std::make_unique<World>();
  it.before = std::make_unique<World>();
  it.inodes = inodes_in(it.after->folder());
  const TemporaryDirectory elsewhere;
  const auto log = elsewhere.write("log", "");
  auto program = it.after->start(words_of(deed, *it.after), "one",
                                 preloaded(*it.after, "", {{"RUNNER_TRUST_LOG", log}}));
  const auto printed = wait_or_kill(program);
  INFO(deed.name << ": " << printed.err);
  REQUIRE(printed.code == 0);
  it.operations = read_log(log);
  REQUIRE(it.operations.size() > 3);
  return it;
}

/// The step of the last checkpoint that is said to be saved, 0 for none.
std::int64_t saved_step(const std::string& said) {
  std::int64_t step = 0;
  std::istringstream lines(said);
  for (std::string line; std::getline(lines, line);)
    if (const auto event = Json::parse(line, nullptr, false);
        event.is_object() && event.value("event", "") == "saved")
      step = event.at("step");
  return step;
}

std::string why_not_saved(const fs::path& database, std::int64_t step) {
  Store store = Store::open(database);
  auto newest = store.database().prepare(
      "SELECT max(step) FROM checkpoints WHERE run_id ="
      " (SELECT id FROM runs WHERE name IN ('small', 'stopped')"
      " ORDER BY ifnull(resumed, started) DESC LIMIT 1)");
  newest.step();
  return newest.integer(0) >= step
             ? ""
             : fmt::format("step {} was said to be saved, and the newest is {}", step,
                           newest.integer(0));
}

std::string all_said(const std::vector<Operation>& operations, std::size_t end) {
  std::string said;
  for (std::size_t i = 0; i < end; ++i)
    if (operations[i].record.what == preload::Record::said) said += operations[i].one;
  return said;
}

}  // namespace

TEST_CASE("after a power cut everything is whole, and what was said to be saved is there") {
  std::map<std::string, int> cut;
  by_chance(60, [&](auto& random) {
    const auto& deed = brief_deeds()[below(random, brief_deeds().size())];
    const auto& log = log_of(deed);
    const auto count = log.operations.size();
    // Every third time the command has come to its end.
    const auto end = below(random, 3) == 0 ? count : below(random, count + 1);
    INFO(deed.name << ", after " << end << " of " << count << " operations");
    Disk disk(log.before->folder(), log.inodes);
    for (std::size_t i = 0; i < end; ++i) disk.apply(log.operations[i]);
    const World world;
    fs::remove_all(world.folder());
    disk.leave(world.folder(), random);
    CHECK(fmt::format("{}", fmt::join(world.broken(), "\n")) == "");
    CHECK(why_not_saved(world.database(), saved_step(all_said(log.operations, end))) == "");
    if (end == count) CHECK(difference(world.everything(), result_of({&deed})) == "");
    CHECK(aftermath(world, {&deed}) == "");
    ++cut[deed.name];
  });
  std::string text;
  for (const auto& [name, number] : cut) text += fmt::format("{} {}, ", name, number);
  MESSAGE(text);
}
