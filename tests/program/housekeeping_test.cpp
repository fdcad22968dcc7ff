#include "tests/program/sweeping.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

constexpr auto short_run = "train: {max_steps: 30}\n";

std::string id_of(const Sweeping& runs) {
  return runs.text("SELECT id FROM runs ORDER BY id DESC LIMIT 1");
}

}  // namespace

TEST_CASE("a run is tagged, noted, renamed and archived") {
  const Sweeping runs(short_run);
  REQUIRE(runs.run().code == 0);
  const auto id = id_of(runs);
  CHECK(runs.ask({"tag", "last", "new", "good"}).out == "run " + id + ": tags good, new\n");
  CHECK(runs.ask({"tag", "last", "new", "--remove"}).out == "run " + id + ": tags good\n");
  CHECK(runs.ask({"note", "last", "try more"}).out ==
        "run " + id + ": tags good; note: try more\n");
  CHECK(runs.ask({"rename", "last", "best"}).out == "run " + id + ": small is called best now\n");
  const auto listed = runs.answer({"list", "--where", "tag == good", "--columns", "name,note"});
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].at("name") == "best");
  CHECK(listed[0].at("note") == "try more");
  CHECK(runs.ask({"archive", "best"}).code == 0);
  CHECK(runs.answer({"list"}).empty());
  CHECK(runs.answer({"list", "--archived"}).size() == 1);
}

TEST_CASE("delete asks first, and takes a run's files with it; gc finds what belongs to no run") {
  const Sweeping runs(short_run);
  REQUIRE(runs.run().code == 0);
  REQUIRE(runs.run().code == 0);
  const auto id = id_of(runs);
  const auto checkpoints = runs.folder().path() / "checkpoints";
  const auto asked = runs.ask({"delete", id});
  CHECK(asked.code == 2);
  CHECK(asked.err ==
        "runner: delete asks before it deletes, but standard input is no terminal: say --yes\n");
  CHECK(std::filesystem::exists(checkpoints / id));
  CHECK(runs.answer({"delete", id, "--yes"}).at("runs") == 1);
  CHECK_FALSE(std::filesystem::exists(checkpoints / id));
  CHECK(runs.integer("SELECT count(*) FROM runs") == 1);

  const auto kept = id_of(runs);
  std::filesystem::create_directories(checkpoints / "2qqqqqqqqq" / "step-1");
  runs.folder().write("checkpoints/2qqqqqqqqq/step-1/model.safetensors", "12345678");
  const auto freed = runs.answer({"gc"});
  CHECK(freed.at("files") == 1);
  CHECK(freed.at("bytes") >= 8);
  CHECK_FALSE(std::filesystem::exists(checkpoints / "2qqqqqqqqq"));
  CHECK(runs.weights(kept).size() == 64);
  CHECK(std::filesystem::exists(checkpoints / kept));
  CHECK(runs.answer({"gc"}).at("files") == 0);
}

TEST_CASE("stop ends a run from another terminal; it can be resumed") {
  const Sweeping runs("train: {epochs: 100000}\n");
  auto program = runs.start();
  REQUIRE(program.wait_for("epoch 1,"));
  const auto id = id_of(runs);
  const TemporaryDirectory terminal;
  const auto stopped =
      run(terminal.path(), {"stop", "last", "--db", runs.folder().path() / "runs.db"});
  CAPTURE(stopped.err);
  CHECK(stopped.code == 0);
  CHECK(numbers_replaced(stopped.out) ==
        numbers_replaced("run " + id + " is interrupted: stopped at step 1\n" +
                         "it goes on from step 1 with: runner resume " + id + "\n"));
  CHECK(program.wait().code == 3);
  const auto logs = runs.ask({"logs", id});
  CHECK(logs.code == 0);
  CHECK(logs.err == "the processes of run " + id + " have printed nothing\n");
  CHECK(runs.ask({"stop", id}).out == "run " + id + " is interrupted already\n");
}
