#include "tests/program/recorded.hpp"
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
  CHECK(runs.ask({"tag", "last", "--add", "new,good"}).out == "run " + id + ": tags good, new\n");
  CHECK(runs.ask({"tag", "last", "--remove", "new"}).out == "run " + id + ": tags good\n");
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

TEST_CASE(
    "which words are runs and which are tags is never in doubt, and a filter takes many runs") {
  const TemporaryDirectory folder;
  std::vector<std::string> ids;
  for (const auto* name : {"a", "b", "x"})
    ids.push_back(record_run(folder, name, 0.1 * static_cast<double>(ids.size() + 1), 10,
                             [](int) { return 1.0; }));
  const auto ask = [&](std::vector<std::string> words) { return run(folder.path(), words); };
  CHECK(ask({"tag", "a", "b", "--add", "x", "--add", "y"}).out ==
        "run " + ids[0] + ": tags x, y\nrun " + ids[1] + ": tags x, y\n");
  CHECK(ask({"tag", "a", "x"}).out ==
        "run " + ids[0] + ": tags x, y\nrun " + ids[2] + ": no tags\n");
  const auto bare = ask({"tag", "a", "good"});
  CHECK(bare.code == 2);
  CHECK(bare.err == "runner: no run 'good'; the latest are " + ids[2] + " (x), " + ids[1] +
                        " (b), " + ids[0] + " (a); a tag is given with --add\n");
  CHECK(ask({"tag", "--where", "tag == x and optimizer.lr > 0.15", "--remove", "x"}).out ==
        "run " + ids[1] + ": tags y\n");
  CHECK(ask({"tag", "a", "b", "--remove", "z"}).err ==
        "runner: none of the runs has the tag 'z'\n");
  CHECK(ask({"tag", "--add", "x"}).err == "runner: which runs? name them, or say --where FILTER\n");
  CHECK(ask({"tag", "a", "--where", "name == b"}).err ==
        "runner: 'a' and --where both say which runs; give one of them\n");
  CHECK(ask({"archive", "--where", "name == none"}).err ==
        "runner: no run fulfils --where 'name == none'\n");
  CHECK(ask({"archive", "--where", "name == x"}).code == 0);
  CHECK(ask({"delete", "--where", "name == x"}).err ==
        "runner: no run fulfils --where 'name == x'; 1 run that is archived does: add 'and "
        "archived'\n");
  CHECK(ask({"archive", "--undo", "--where", "name == x"}).out ==
        "run " + ids[2] + " is listed again\n");
  CHECK(ask({"export", "--where", "tag == y", "--to", "-", "--format", "csv"}).out.find(ids[2]) ==
        std::string::npos);
  CHECK(ask({"export", "--where", "tag == y", "--to", "points.csv"}).out.ends_with(" of 2 runs\n"));
  CHECK(ask({"plot", "--where", "tag == y", "--csv"}).out.find(ids[1]) != std::string::npos);
  CHECK(ask({"plot", "--where", "tag == y", "--schedule"}).code == 2);
  CHECK(Json::parse(ask({"compare", "--where", "tag == y", "--json"}).out).at("runs").size() == 2);
  CHECK(ask({"compare", "--where", "name == a"}).err ==
        "runner: compare takes two runs or more: runner compare A B\n");
  const auto asked = ask({"delete", "--where", "tag == y"});
  CHECK(asked.code == 2);
  CHECK(asked.out.find("2 runs: ") != std::string::npos);
  CHECK(asked.err ==
        "runner: delete asks before it deletes, but standard input is no terminal: say --yes\n");
  CHECK(ask({"delete", "--where", "tag == y", "--yes"}).out.starts_with("deleted 2 runs and "));
  CHECK(shown_run(folder).at("name") == "x");
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
  const auto refused = runs.ask({"gc"});
  CHECK(refused.code == 2);
  CHECK(refused.err ==
        "runner: gc asks before it deletes, but standard input is no terminal: say --yes\n");
  CHECK(refused.out == (checkpoints / "2qqqqqqqqq").string() +
                           "  1 file, 8 B\nto the trash, for 7 days: 1 file, 8 B\n");
  CHECK(runs.answer({"gc", "--dry-run"}).at("trash").at("files") == 1);
  CHECK(std::filesystem::exists(checkpoints / "2qqqqqqqqq"));
  const auto moved = runs.answer({"gc", "--yes"});
  CHECK(moved.at("trash") == Json{{"files", 1}, {"bytes", 8}});
  CHECK(moved.at("files") == 0);
  CHECK_FALSE(std::filesystem::exists(checkpoints / "2qqqqqqqqq"));
  CHECK(runs.weights(kept).size() == 64);
  CHECK(std::filesystem::exists(checkpoints / kept));
  const auto trash = runs.folder().path() / "trash";
  const auto moment = std::filesystem::directory_iterator(trash)->path();
  CHECK(read_file(moment / "checkpoints/2qqqqqqqqq/step-1/model.safetensors") == "12345678");
  const auto nothing = runs.answer({"gc"});  // asks only where there is something
  CHECK(nothing.at("files") == 0);
  CHECK(nothing.at("trash").at("files") == 0);
  std::filesystem::rename(moment, trash / "2026-01-01T00-00-00Z");
  runs.folder().write("trash/mine.txt", "kept");
  CHECK(runs.answer({"gc", "--yes"}).at("files") == 1);
  CHECK_FALSE(std::filesystem::exists(trash / "2026-01-01T00-00-00Z"));
  CHECK(std::filesystem::exists(trash / "mine.txt"));
}

TEST_CASE("gc --empty empties the trash at once, and leaves alone what it does not know") {
  const Sweeping runs(short_run);
  REQUIRE(runs.run().code == 0);
  const auto id = id_of(runs);
  const auto write = [&](const std::string& path, const std::string& text) {
    std::filesystem::create_directories((runs.folder().path() / path).parent_path());
    runs.folder().write(path, text);
  };
  write("checkpoints/2qqqqqqqqq/step-1/model.safetensors", "12345678");
  write("checkpoints/" + id + "/step-1000.tmp/model.safetensors", "1234");
  for (const auto* mine : {"checkpoints/notes.txt", "checkpoints/backup/model.safetensors",
                           "logs/NOTES/today", "empty.sqlite"})
    write(mine, "");
  write("checkpoints/mine/x", "");
  const auto own = "checkpoints/" + id + "/best-of-all/model.safetensors";
  write(own, "kept");
  Database(runs.folder().path() / "mlflow.db", Database::Open::create)
      .execute("CREATE TABLE runs (run_uuid TEXT)");
  CHECK(runs.answer({"gc", "--yes"}).at("trash").at("files") == 2);
  CHECK(runs.answer({"gc", "--yes", "--empty"}).at("files") == 2);
  for (const std::string mine : {"checkpoints/notes.txt", "checkpoints/backup/model.safetensors",
                                 "logs/NOTES/today", "empty.sqlite", "checkpoints/mine/x"})
    CHECK(std::filesystem::exists(runs.folder().path() / mine));
  CHECK(read_file(runs.folder().path() / own) == "kept");
  CHECK(runs.integer("SELECT count(*) FROM runs") == 1);
}

TEST_CASE("a database that is moved with its folder keeps its checkpoints and logs") {
  for (const std::string name : {"experiments.db", "runs.sqlite"}) {
    const TemporaryDirectory folder;
    const auto here = folder.path() / "a" / name, there = folder.path() / "b" / name;
    std::filesystem::create_directory(folder.path() / "a");
    auto words = std::vector<std::string>{"run", "synthetic", "train.max_steps=20",
                                          "save.every=10 steps", "topology=single"};
    words.insert(words.end(), {"--db", here.string()});
    const auto trained = run(folder.path(), words);
    CAPTURE(trained.err);
    REQUIRE(trained.code == 0);
    std::filesystem::rename(folder.path() / "a", folder.path() / "b");
    const auto ask = [&](std::vector<std::string> command) {
      command.insert(command.end(), {"--db", there.string()});
      return run(folder.path(), command);
    };
    CHECK(Json::parse(ask({"gc", "--yes", "--json"}).out).at("trash").at("files") == 0);
    CHECK(ask({"export", "last", "--to", "weights.safetensors"}).code == 0);
    CHECK(ask({"logs", "last"}).code == 0);
    const auto resumed = ask({"resume", "last", "train.max_steps=30"});
    CHECK(resumed.code == 0);
    CHECK(resumed.err.find("no checkpoint") == std::string::npos);
    CHECK(Store::open(there).database().integer("SELECT count(*) FROM checkpoints WHERE folder "
                                                "LIKE 'checkpoints/%'") == 2);
  }
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
