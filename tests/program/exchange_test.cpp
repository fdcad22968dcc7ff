#include "tests/program/recorded.hpp"
#include "tests/program/sweeping.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

using namespace runner;

namespace {

constexpr auto short_run = "train: {max_steps: 30}\neval: {every: 10 steps}\n";

std::string id_of(const Sweeping& runs) {
  return runs.text("SELECT id FROM runs ORDER BY id DESC LIMIT 1");
}

}  // namespace

TEST_CASE("points are exported to a file or to standard output, in the format that is asked for") {
  const Sweeping runs(short_run);
  REQUIRE(runs.run().code == 0);
  REQUIRE(runs.run().code == 0);
  const auto all = runs.integer("SELECT count(*) FROM points");
  const auto ids = runs.text("SELECT min(id) FROM runs") + " " + id_of(runs);
  const auto first = ids.substr(0, 10);
  const auto exported = runs.ask({"export", first, "last", first, "--to", "points.csv"});
  CHECK(exported.out == "points.csv: " + std::to_string(all) + " rows of 2 runs\n");
  const auto text = read_file(runs.folder().path() / "points.csv");
  CHECK(std::count(text.begin(), text.end(), '\n') == all + 1);

  const auto again = runs.ask({"export", "last", "--to", "points.csv"});
  CHECK(again.code == 2);
  CHECK(again.err == "runner: points.csv is there already; --force overwrites it\n");
  CHECK(runs.ask({"export", "last", "--to", "points.csv", "--force"}).code == 0);

  const auto lines =
      runs.ask({"export", "last", "--metric", "eval/loss", "--to", "-", "--format", "jsonl"});
  CHECK(std::count(lines.out.begin(), lines.out.end(), '\n') == 3);
  const auto line = Json::parse(lines.out.substr(0, lines.out.find('\n')));
  CHECK(line.at("metric") == "eval/loss");
  CHECK(line.at("step") == 10);
  CHECK(runs.ask({"export", "last", "--metric", "eval/los", "--to", "-", "--format", "csv"}).err ==
        "runner: the run has no metric 'eval/los'; did you mean 'eval/loss'?\n");
  CHECK(runs.ask({"export", "last", "--to", "-", "--format", "mlflow"}).err ==
        "runner: only csv and jsonl can go to standard output\n");
  CHECK(runs.ask({"export", first, "last", "--to", "model.safetensors"}).err ==
        "runner: weights are those of one run: name one for each file\n");
}

TEST_CASE("event files are written a folder a run, and a store of MLflow's as one file") {
  const Sweeping runs(short_run);
  REQUIRE(runs.run().code == 0);
  const auto events = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"export", "last", "--format", "tensorboard", "--to", "events"});
    return runs.ask(more);
  };
  CHECK(events({}).out == "events: event files of 1 run\n");
  const auto name = "small-" + id_of(runs);
  CHECK(std::filesystem::exists(runs.folder().path() / "events" / name));
  CHECK(events({}).err == "runner: events/" + name + " is there already; --force overwrites it\n");
  CHECK(events({"--force"}).code == 0);
  CHECK(runs.ask({"export", "last", "--to", "mlflow.db"}).out ==
        "mlflow.db: 1 run; mlflow ui --backend-store-uri sqlite:///mlflow.db\n");
  for (const auto& entry : std::filesystem::directory_iterator(runs.folder().path()))
    CHECK(entry.path().extension() != ".tmp");
  CHECK(runs.answer({"export", "last", "--to", "points.parquet"}) ==
        Json{{"runs", 1},
             {"rows", runs.integer("SELECT count(*) FROM points")},
             {"to", "points.parquet"}});
}

TEST_CASE("no export takes the place of a database of runs, and what is kept beside it stays") {
  const TemporaryDirectory folder;
  const auto id = record_run(folder, "kept", 0.1, 10, [](int) { return 1.0; });
  const auto store = folder.path() / ".runner/experiments.db";
  std::filesystem::create_symlink(store, folder.path() / "link.db");
  for (const auto* to : {".runner/experiments.db", "link.db"}) {
    const auto refused = run(folder.path(), {"export", "last", "--to", to, "--force"});
    CHECK(refused.code == 2);
    CHECK(refused.err == std::string("runner: ") + to +
                             " is a database of runs, which is not overwritten: name another "
                             "file\n");
  }
  CHECK(shown_run(folder).at("id") == id);
  folder.write("points.csv.tmp", "mine");
  for (const auto* to : {"points.csv", "points.parquet", "points.db"})
    CHECK(run(folder.path(), {"export", "last", "--to", to}).code == 0);
  folder.write("points.db.tmp", "mine");
  CHECK(run(folder.path(), {"export", "last", "--to", "points.db", "--force"}).code == 0);
  CHECK(read_file(folder.path() / "points.csv.tmp") == "mine");
  CHECK(read_file(folder.path() / "points.db.tmp") == "mine");
}

TEST_CASE("logs of other programs are imported, each once") {
  const TemporaryDirectory folder;
  folder.write("metrics.csv", "epoch,step,loss\n0,9,0.5\n1,19,0.25\n");
  const auto path = std::filesystem::canonical(folder.path()).string();
  const auto imported = run(folder.path(), {"import", ".", "--name", "theirs"});
  CAPTURE(imported.err);
  const auto id = imported.out.substr(4, 10);
  CHECK(imported.out ==
        "run " + id + " (theirs): 2 points in 1 metric from Lightning of " + path + "\n");
  CHECK(run(folder.path(), {"import", "."}).out ==
        "run " + id + ": " + path + " is there already, nothing has changed\n");
  const auto shown = shown_run(folder);
  CHECK(shown.at("name") == "theirs");
  CHECK(shown.at("status") == "done");
  for (const auto* command : {"resume", "reproduce"}) {
    const auto refused = run(folder.path(), {command, "theirs"});
    CHECK(refused.code == 2);
    CHECK(refused.err == "runner: run " + id + " was imported and has no recipe\n");
  }
  CHECK(run(folder.path(), {"list", "--where", "loss < 0.3"}).out.find(id) != std::string::npos);
  std::filesystem::create_directory(folder.path() / "two");
  folder.write("two/metrics.csv", "step,loss\nmany,1\n");
  std::filesystem::create_directory(folder.path() / "three");
  folder.write("three/metrics.csv", "step,loss\n1,1\n");
  const auto some = run(folder.path(), {"import", "."});
  CHECK(some.code == 1);
  CHECK(some.err == "runner: " + path + "/two/metrics.csv, row 2: 'many' is no step\n");
  CHECK(some.out.find("1 point in 1 metric from Lightning of " + path + "/three\n") !=
        std::string::npos);
  CHECK(shown_run(folder).at("name") == folder.path().filename().string() + "/three");
  std::filesystem::remove_all(folder.path() / "three");
  folder.write("two/metrics.csv", "step,loss\n1,1\n");
  const auto refused = run(folder.path(), {"import", ".", "--name", "both"});
  CHECK(refused.code == 2);
  CHECK(refused.err == "runner: --name names one run, but there are 2\n");
}

TEST_CASE("runs of another database are merged, checkpoints stay where they are and can be used") {
  const Sweeping runs(short_run);
  REQUIRE(runs.run().code == 0);
  const TemporaryDirectory here;
  const auto other = (runs.folder().path() / "runs.db").string();
  CHECK(run(here.path(), {"merge", other}).out ==
        other + ": 1 run came, 0 brought up to date, 0 there already\n");
  CHECK(run(here.path(), {"merge", other}).out ==
        other + ": 0 runs came, 0 brought up to date, 1 there already\n");
  CHECK(Json::parse(run(here.path(), {"merge", other, "--json"}).out) ==
        Json{{"file", other}, {"came", 0}, {"updated", 0}, {"there", 1}});
  CHECK(shown_run(here).at("id") == id_of(runs));
  CHECK(run(here.path(), {"export", "last", "--to", "model.safetensors"}).code == 0);
  const auto refused = run(here.path(), {"merge", "none.db"});
  CHECK(refused.code == 2);
  CHECK(refused.err == "runner: there is no database at none.db\n");
  const TemporaryDirectory empty;
  CHECK(run(empty.path(), {"merge", other, "none.db"}).code == 2);
  CHECK_FALSE(std::filesystem::exists(empty.path() / ".runner"));
}

TEST_CASE("an export that is killed leaves nothing that another program takes for whole") {
  const TemporaryDirectory folder;
  const auto id = record_run(folder, "kept", 0.1, 200'000, [](int step) { return 1.0 / step; });
  const std::filesystem::path events = folder.path() / "events" / ("kept-" + id);
  const std::vector<std::string> words{"export",      "last", "--format",
                                       "tensorboard", "--to", "events"};
  const auto is_writing = [&](pid_t pid) {
    std::error_code gone;
    const auto files = "/proc/" + std::to_string(pid) + "/fd";
    for (const auto& entry : std::filesystem::directory_iterator(files, gone))
      if (std::filesystem::read_symlink(entry.path(), gone).string().starts_with(events.string()))
        return true;
    return false;
  };
  {
    Program exporting(folder.path(), words);
    while (!is_writing(exporting.pid()) && is_running(exporting.pid())) usleep(100);
    exporting.signal(SIGKILL);
    CHECK(exporting.wait().code == -SIGKILL);
  }
  CHECK(std::filesystem::is_empty(events));
  CHECK(run(folder.path(), words).out == "events: event files of 1 run\n");
}

TEST_CASE("a CSV of 60 MB is imported by a process that may have 80 MB in all") {
  const TemporaryDirectory folder;
  std::filesystem::create_directory(folder.path() / "logs");
  {
    std::ofstream csv(folder.path() / "logs/metrics.csv");
    csv << "step,loss,text\n";
    for (int row = 0; row < 60'000; ++row) csv << row << ",0.5," << std::string(1'000, 'x') << "\n";
  }
  const auto imported =
      Program::command(
          folder.path(),
          {"bash", "-c", "ulimit -v 80000; exec " + runner_executable() + " import logs"})
          .wait();
  CHECK(imported.code == 0);
  CHECK(imported.out.find(": 60000 points in 1 metric from Lightning of ") != std::string::npos);
}
