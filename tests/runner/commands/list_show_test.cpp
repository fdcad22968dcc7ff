#include "runner/commands/list.hpp"
#include "runner/commands/plot.hpp"
#include "runner/commands/show.hpp"
#include "tests/experiments/fixture.hpp"

#include <cmath>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>

using namespace runner;

namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

struct Printed {
  int code;
  std::string out;
  std::string err;
};

// Does what `runner ARGUMENTS` does, in a process of its own.
Printed run_command(const TemporaryFolder& folder, std::vector<std::string> arguments) {
  const pid_t child = start_child([&] {
    dup2(open((folder.path() / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    dup2(open((folder.path() / "err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    CLI::App app;
    Command chosen;
    add_list(app, chosen);
    add_show(app, chosen);
    add_plot(app, chosen);
    arguments.insert(arguments.end(), {"--db", folder.database().string()});
    std::ranges::reverse(arguments);  // as CLI11 takes a vector
    app.parse(arguments);
    const int code = chosen();
    std::fflush(nullptr);
    return code;
  });
  const int code = exit_code(child);
  return {code, read_file(folder.path() / "out"), read_file(folder.path() / "err")};
}

void record_runs(const TemporaryFolder& folder, int count) {
  Store store = Store::create_or_open(folder.database());
  for (int i = 0; i < count; ++i) {
    Run run = example_run();
    run.settings = {{"model.name", std::string("mlp"), "mnist.yaml:4"},
                    {"model.bias", true, "default"},
                    {"optimizer.schedule.warmup", std::int64_t{i}, "override"}};
    Recorder recorder(folder.database(), store.begin(run));
    recorder.record("eval/loss", 1, 1, i == 0 ? std::nan("") : 0.1 * i);
    recorder.record("eval/accuracy", 1, 1, 1.0 / 3);
    recorder.finish(i == 0 ? Status::failed : Status::done, i == 0 ? "loss is NaN at step 1" : "");
  }
  store.database().execute(
      "UPDATE runs SET id = id, host = 'here', pid = 7, started = 1700000000000, ended = "
      "1700000042000");
}

}  // namespace

TEST_CASE("list prints a table, and beside it what was left out") {
  const TemporaryFolder folder;
  record_runs(folder, 3);
  const Printed printed =
      run_command(folder, {"list", "--limit", "2", "--columns",
                           "name,status,started,duration,model,eval/loss", "--sort", "-eval/loss"});
  CHECK(printed.code == 0);
  CHECK(printed.err == "2 of 3 runs; --limit 0 lists all\n");
  std::istringstream lines(printed.out);
  std::string line;
  std::getline(lines, line);
  CHECK(line == "id          name   status  started     duration  model  eval/loss");
  std::getline(lines, line);
  CHECK(line.substr(10) == "  mnist  done    2023-11-14      42 s  mlp          0.2");
}

TEST_CASE("list says so when there is nothing to list") {
  const TemporaryFolder folder;
  Store::create_or_open(folder.database());
  CHECK(run_command(folder, {"list"}).err == "there are no runs yet\n");
  record_runs(folder, 1);
  CHECK(run_command(folder, {"list", "--where", "status == running"}).err == "no run matches\n");
  CHECK(run_command(folder, {"list", "--where", "status == running", "--json"}).out == "[]\n");
}

TEST_CASE("list --json keeps every digit, and a NaN is a text") {
  const TemporaryFolder folder;
  record_runs(folder, 1);
  const auto runs = nlohmann::json::parse(
      run_command(folder, {"list", "--json", "--columns", "+model.bias,reason"}).out);
  REQUIRE(runs.size() == 1);
  CHECK(runs[0]["name"] == "mnist");
  CHECK(runs[0]["started"] == "2023-11-14T22:13:20.000Z");
  CHECK(runs[0]["duration"] == 42.0);
  CHECK(runs[0]["eval/accuracy"] == 1.0 / 3);
  CHECK(runs[0]["eval/loss"] == "NaN");
  CHECK(runs[0]["model"] == "mlp");
  CHECK(runs[0]["model.bias"] == true);
  CHECK(runs[0]["reason"] == "loss is NaN at step 1");
}

TEST_CASE("show prints the config as a tree with origins, the metrics, and a row for each epoch") {
  const TemporaryFolder folder;
  record_runs(folder, 1);
  const std::string page = run_command(folder, {"show", "last"}).out;
  CAPTURE(page);
  CHECK(page.find("status    failed: loss is NaN at step 1\n") != page.npos);
  CHECK(page.find("host      here, process 7\n") != page.npos);
  CHECK(page.substr(page.find("config ")) ==
        "config      value  from\n"
        "model       mlp    mnist.yaml:4\n"
        "  bias      true   default\n"
        "optimizer\n"
        "  schedule\n"
        "    warmup  0      override\n"
        "\n"
        "metric            last      min      max  points  at step\n"
        "eval/accuracy  0.33333  0.33333  0.33333       1        1\n"
        "eval/loss          NaN      NaN      NaN       1        1\n"
        "\n"
        "epoch  eval/accuracy  eval/loss\n"
        "    1        0.33333        NaN\n");
}

TEST_CASE("a queued run is listed and shown without a process, a duration or an end") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Run run = example_run();
  run.world_size = 8;
  run.nodes = 2;
  run.launcher = "slurm";
  run.job_id = "4711";
  const std::string id = store.queue(run);
  const std::string list =
      run_command(folder, {"list", "--columns", "status,duration,job_id,world_size"}).out;
  CHECK(list.substr(list.find(id)) == id + "  queued              4711           8\n");
  const std::string page = run_command(folder, {"show", "last"}).out;
  CAPTURE(page);
  CHECK(page.find("status   queued\n") != page.npos);
  CHECK(page.find("ranks    8 on 2 nodes, started by slurm\njob      4711\n") != page.npos);
  for (const auto* missing : {"started  ", "duration", "host", "restarts"})
    CHECK(page.find(missing) == page.npos);
  const auto json = nlohmann::json::parse(run_command(folder, {"show", "last", "--json"}).out);
  CHECK(json["host"] == nullptr);
  CHECK(json["world_size"] == 8);
  CHECK(json["job_id"] == "4711");
}

TEST_CASE("show --json is one object with everything") {
  const TemporaryFolder folder;
  record_runs(folder, 2);
  const auto run = nlohmann::json::parse(run_command(folder, {"show", "mnist", "--json"}).out);
  CHECK(run["status"] == "done");
  CHECK(run["config"]["seed"] == 1);
  CHECK(run["settings"]["model.bias"] == nlohmann::json{{"value", true}, {"origin", "default"}});
  CHECK(run["metrics"]["eval/accuracy"]["last"] == 1.0 / 3);
  CHECK(run["epochs"][0] ==
        nlohmann::json{{"epoch", 1}, {"eval/accuracy", 1.0 / 3}, {"eval/loss", 0.1}});
}

TEST_CASE("show tells of confusion matrices, and plot draws them or gives their numbers") {
  const TemporaryFolder folder;
  std::string id;
  {
    Store store = Store::create_or_open(folder.database());
    id = store.begin(example_run());
    Recorder recorder(folder.database(), id);
    recorder.add({"eval/confusion_matrix", 10, 0.5, {{3, 1}, {2, 2}}, 1});
    recorder.add({"eval/confusion_matrix", 20, 1, {{4, 0}, {1, 3}}, 2});
    recorder.finish(Status::done);
  }
  const std::string page = run_command(folder, {"show", "last"}).out;
  CHECK(page.substr(page.find("\nmatrix")) ==
        "\nmatrix                 evaluations  at step  drawn by\n"
        "eval/confusion_matrix            2       20  runner plot " +
            id + " --confusion\n");
  CHECK(nlohmann::json::parse(run_command(folder, {"show", "last", "--json"}).out)["matrices"] ==
        nlohmann::json{{"eval/confusion_matrix", {{"steps", {10, 20}}}}});
  CHECK(run_command(folder, {"plot", "last", "--confusion"}).out ==
        id + " (mnist): eval/confusion_matrix of step 20, epoch 1: 7 of 8 right\n"
             "Rows are true classes, columns found ones.\n"
             "\n"
             "true 0  1     recall\n"
             "   0 4  0   100.00 %\n"
             "   1 1  3    75.00 %\n");
  CHECK(run_command(folder, {"plot", "last", "--confusion", "--step", "10", "--json"}).out ==
        R"({"run":")" + id +
            R"(","name":"eval/confusion_matrix","step":10,"epoch":0.5,"counts":[[3,1],[2,2]]})"
            "\n");
}
