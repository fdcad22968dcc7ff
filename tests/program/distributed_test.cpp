#include "tests/program/program.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <random>
#include <regex>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>

using namespace runner;

namespace {

using std::chrono::milliseconds;

const std::string recipes = std::string(RUNNER_SOURCE_DIR) + "/recipes/";

constexpr auto endless = "train.epochs=100000";

std::string ranks(int count, const std::string& more = "") {
  return "topology={name: ddp, device: cpu, devices: " + std::to_string(count) + more + "}";
}

/// The points of a metric that a run with --json printed: step -> value.
std::map<int, double> points(const std::string& out, const std::string& metric) {
  std::map<int, double> found;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    const auto message = Json::parse(line);
    if (message.at("event") != "metrics") continue;
    for (const auto& point : message.at("points"))
      if (point.at(0) == metric) found[point.at(1)] = point.at(3);
  }
  return found;
}

std::map<int, double> losses(const std::vector<std::string>& overrides) {
  const TemporaryDirectory folder;
  std::vector<std::string> arguments{"run",
                                     recipes + "synthetic.yaml",
                                     "--json",
                                     "precision=fp64",
                                     "model.dropout=0.3",
                                     "train.batch_size=50",
                                     "train.max_steps=40",
                                     "dataset.samples=1010",
                                     "log.every=1 steps",
                                     "eval.every=1 epochs"};
  arguments.insert(arguments.end(), overrides.begin(), overrides.end());
  const auto printed = run(folder.path(), arguments);
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  auto found = points(printed.out, "train/loss");
  for (const auto& [step, loss] : points(printed.out, "eval/loss")) found[-step] = loss;
  return found;
}

/// An endless run of some ranks, of which one can tell afterwards whether it left a process.
class EndlessRun {
 public:
  explicit EndlessRun(int count, const std::string& more = "")
      : program(folder.path(), {"run", recipes + "synthetic.yaml", endless, ranks(count, more)},
                {{"RUNNER_TEST", mark()}}) {}

  std::string mark() const { return "run-in-" + folder.path().filename().string(); }
  /// The workers, by their ranks.
  std::vector<pid_t> workers() const { return children_of(program.pid()); }

  TemporaryDirectory folder;
  Program program;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// One process of a run that somebody else starts, with torchrun's variables.
std::map<std::string, std::string> torchrun_rank(int rank, int world_size,
                                                 const std::string& port) {
  return {{"RANK", std::to_string(rank)},
          {"LOCAL_RANK", std::to_string(rank)},
          {"WORLD_SIZE", std::to_string(world_size)},
          {"LOCAL_WORLD_SIZE", std::to_string(world_size)},
          {"MASTER_ADDR", "127.0.0.1"},
          {"MASTER_PORT", port}};
}

std::vector<std::string> mpirun(int count, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"mpirun", "--allow-run-as-root", "--oversubscribe",
                                 "-n",     std::to_string(count), runner_executable()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

}  // namespace

TEST_CASE("1, 2, 3 and 4 ranks and accumulation give the same loss curve, dropout and all") {
  const auto alone = losses({"topology=single"});
  REQUIRE(alone.size() == 42);  // 40 steps; the evaluations of one epoch and of the end
  for (const auto& overrides :
       std::vector<std::vector<std::string>>{{"topology=single", "train.accumulate=4"},
                                             {ranks(2)},
                                             {ranks(3)},
                                             {ranks(4)},
                                             {ranks(2), "train.accumulate=3"},
                                             {"topology={name: zero1, device: cpu, devices: 3}"}}) {
    CAPTURE(overrides[0]);
    const auto found = losses(overrides);
    REQUIRE(found.size() == alone.size());
    for (const auto& [at, loss] : alone) {
      const auto step = at;
      CAPTURE(step);
      CHECK(std::abs(found.at(step) - loss) < 1e-10);
    }
  }
}

TEST_CASE("every rank evaluates a share, and each sample is counted once") {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {"run", recipes + "synthetic.yaml", "train.max_steps=30",
                                           "dataset.eval_samples=1001", ranks(3)});
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(std::regex_search(printed.out, std::regex("accuracy: [0-9]+/1001 ")));
}

TEST_CASE("one line says who started the ranks, why, how many, and how they share a batch") {
  const TemporaryDirectory folder;
  const auto printed =
      run(folder.path(), {"run", recipes + "synthetic.yaml", "train.max_steps=1", ranks(3)});
  CHECK(printed.out.find("launch     3 ranks on 1 node x 3, started by this process (not under "
                         "srun, torchrun or mpirun), "
                         "gloo; 64 samples a step = 3 x 21 or 22\n") != std::string::npos);
}

TEST_CASE("a run of several ranks is in the store with its ranks, nodes and launcher") {
  const TemporaryDirectory folder;
  REQUIRE(
      run(folder.path(), {"run", recipes + "synthetic.yaml", "train.max_steps=1", ranks(2)}).code ==
      0);
  const auto listed = last_run(folder, "world_size,nodes,launcher,status");
  CHECK(listed.at("world_size") == 2);
  CHECK(listed.at("nodes") == 1);
  CHECK(listed.at("launcher") == "self");
  CHECK(listed.at("status") == "done");
}

TEST_CASE("a killed rank ends the run within a second and is named with its host and step") {
  for (const std::size_t victim : {0, 1, 2}) {
    CAPTURE(victim);
    EndlessRun run(3);
    REQUIRE(run.program.wait_for("epoch 1,"));
    const auto start = std::chrono::steady_clock::now();
    kill(run.workers().at(victim), SIGKILL);
    const auto printed = run.program.wait();
    CHECK(seconds_since(start) < 1);
    CHECK(printed.code == 1);
    CHECK(std::regex_search(
        printed.err,
        std::regex("runner: run [0-9a-z]+ failed after [^:]+: rank " + std::to_string(victim) +
                   " on [^ ]+ was killed by SIGKILL \\(Killed\\) at step [1-9][0-9]*\n")));
    CHECK(shown_run(run.folder).at("status") == "failed");
    CHECK(numbers_replaced(shown_run(run.folder).at("reason"))
              .ends_with(" was killed by SIGKILL (Killed) at step N"));
    CHECK(left_running(run.mark()).empty());
  }
}

TEST_CASE("a stopped rank is named within the heartbeat and leaves nothing running") {
  EndlessRun run(3, ", heartbeat: 1");
  REQUIRE(run.program.wait_for("epoch 1,"));
  const auto start = std::chrono::steady_clock::now();
  kill(run.workers().at(1), SIGSTOP);
  const auto printed = run.program.wait();
  CHECK(seconds_since(start) < 2.5);
  CHECK(printed.code == 1);
  CHECK(std::regex_search(printed.err,
                          std::regex("rank 1 on [^ ]+ hangs at step [0-9]+: no sign of life "
                                     "for 1 s \\(topology.heartbeat\\)\n")));
  CHECK(left_running(run.mark()).empty());
}

TEST_CASE("fifty ranks killed or stopped at random never hang a run and leave nothing running") {
  std::mt19937 random(7);
  for (int i = 0; i < 50; ++i) {
    const int count = 2 + static_cast<int>(random() % 3);
    const auto victim = random() % static_cast<unsigned>(count);
    const bool stop = random() % 2 == 0;
    const milliseconds delay(random() % 1500);
    CAPTURE(count);
    CAPTURE(victim);
    CAPTURE(stop);
    CAPTURE(delay.count());
    EndlessRun run(count, ", heartbeat: 1");
    for (int j = 0; j < 500 && run.workers().size() < static_cast<std::size_t>(count); ++j)
      std::this_thread::sleep_for(milliseconds(10));
    std::this_thread::sleep_for(delay);
    kill(run.workers().at(victim), stop ? SIGSTOP : SIGKILL);
    const auto start = std::chrono::steady_clock::now();
    const auto printed = run.program.wait();
    // A rank that is stopped before its first heartbeat has the time of one that has not come.
    CAPTURE(printed.err);
    CHECK(seconds_since(start) < 5);
    CHECK(printed.code == 1);
    CHECK(printed.err.find("rank " + std::to_string(victim) + " on ") != std::string::npos);
    CHECK(left_running(run.mark()).empty());
  }
}

TEST_CASE("a supervisor that is killed while its ranks still load takes them along, too") {
  for (int pause = 0; pause < 100; pause += 10) {
    EndlessRun run(2);
    while (run.workers().empty()) std::this_thread::sleep_for(milliseconds(1));
    std::this_thread::sleep_for(milliseconds(pause));
    run.program.signal(SIGKILL);
    run.program.wait();
    CAPTURE(pause);
    const auto left = left_running(run.mark());
    CHECK(left.empty());
    for (const auto worker : left) kill(worker, SIGKILL);
  }
}

TEST_CASE("a killed supervisor takes all ranks along") {
  EndlessRun run(3);
  REQUIRE(run.program.wait_for("epoch 1,"));
  run.program.signal(SIGKILL);
  run.program.wait();
  CHECK(left_running(run.mark()).empty());
  CHECK(last_run(run.folder).at("status") == "crashed");
}

TEST_CASE("Ctrl-C stops all ranks after the same step") {
  EndlessRun run(3);
  REQUIRE(run.program.wait_for("epoch 1,"));
  run.program.signal(SIGINT);
  const auto printed = run.program.wait();
  CHECK(printed.code == 3);
  CHECK(std::regex_search(printed.out,
                          std::regex("was interrupted after [^:]+: stopped at step [0-9]+\n")));
  CHECK(left_running(run.mark()).empty());
}

TEST_CASE("a loss that is not a number ends all ranks with one reason") {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {"run", recipes + "synthetic.yaml", ranks(2),
                                           "optimizer={name: sgd, lr: 1e30}"});
  CHECK(printed.code == 1);
  CHECK(std::regex_search(
      printed.err,
      std::regex(
          "runner: run [0-9a-z]+ failed after [^:]+: loss is (NaN|infinite) at step [2-9]\n")));
}

TEST_CASE("processes that torchrun's variables describe train together, and only rank 0 speaks") {
  const TemporaryDirectory folder, elsewhere;
  const std::vector<std::string> arguments{"run", recipes + "synthetic.yaml", "train.epochs=1"};
  Program other(elsewhere.path(), arguments, torchrun_rank(1, 2, "21987"));
  const auto first = run(folder.path(), arguments, torchrun_rank(0, 2, "21987"));
  const auto second = other.wait();
  CAPTURE(first.err);
  CHECK(first.code == 0);
  CHECK(second.code == 0);
  CHECK(second.out + second.err == "");
  CHECK(first.out.find("by torchrun (RANK is set)") != std::string::npos);
  CHECK(last_run(folder, "launcher").at("launcher") == "torchrun");
  CHECK_FALSE(std::filesystem::exists(elsewhere.path() / ".runner"));
}

TEST_CASE("variables left over from torchrun: it is said soon what is waited for, and why") {
  const TemporaryDirectory folder;
  const auto told = [&](int rank, const std::string& host, const std::string& ranks_here) {
    auto variables = torchrun_rank(rank, 3, "21989");
    variables["MASTER_ADDR"] = host;
    variables["LOCAL_WORLD_SIZE"] = ranks_here;
    variables["LOCAL_RANK"] = "0";
    variables["RUNNER_SECRET"] = "of sixteen bytes";
    Program program(folder.path(), {"run", recipes + "synthetic.yaml"}, variables);
    std::this_thread::sleep_for(std::chrono::seconds(5));
    program.signal(SIGTERM);
    return program.wait().err;
  };
  CHECK(
      told(0, "127.0.0.1", "3")
          .starts_with("runner: waiting up to 120 s (topology.timeout) for ranks 1, 2 of 3 on this "
                       "machine, which torchrun should have started (RANK is set); "
                       "topology.launcher=self trains without\n"));
  CHECK(
      told(0, "0.0.0.0", "1")
          .starts_with("runner: waiting up to 120 s (topology.timeout) for ranks 1, 2 of 3 at port "
                       "21989 of this machine, which torchrun should have started (RANK is set); "
                       "topology.launcher=self trains without\n"));
  CHECK(
      told(1, "no-such-host.invalid", "1")
          .starts_with("runner: waiting up to 120 s (topology.timeout) for rank 0 at "
                       "no-such-host.invalid, port 21989, which torchrun should have started (RANK "
                       "is set); topology.launcher=self trains without\n"));
}

TEST_CASE("a killed process of torchrun's ends the other, which names it") {
  const TemporaryDirectory folder, elsewhere;
  const std::vector<std::string> arguments{"run", recipes + "synthetic.yaml", endless};
  Program first(folder.path(), arguments, torchrun_rank(0, 2, "21988"));
  Program other(elsewhere.path(), arguments, torchrun_rank(1, 2, "21988"));
  REQUIRE(first.wait_for("epoch 1,"));
  other.signal(SIGKILL);
  const auto printed = first.wait();
  CHECK(printed.code == 1);
  CHECK(std::regex_search(
      printed.err,
      std::regex(": rank 1 on [^ ]+ went away at step [0-9]+: the connection to its runner "
                 "closed\n")));
}

TEST_CASE("when the process with rank 0 is killed, the others end, and say why") {
  const TemporaryDirectory folder, elsewhere;
  const std::vector<std::string> arguments{"run", recipes + "synthetic.yaml", endless};
  Program first(folder.path(), arguments, torchrun_rank(0, 2, "21989"));
  Program other(elsewhere.path(), arguments, torchrun_rank(1, 2, "21989"));
  REQUIRE(first.wait_for("epoch 1,"));
  first.signal(SIGKILL);
  const auto printed = other.wait();
  CHECK(printed.code == 1);
  CHECK(printed.err == "runner: rank 1: the runner of rank 0 went away\n");
}

TEST_CASE("a wrong MASTER_ADDR is a clear error after the timeout") {
  const TemporaryDirectory folder;
  auto environment = torchrun_rank(1, 2, "21990");
  environment["MASTER_ADDR"] = "0.0.0.0";
  environment["LOCAL_WORLD_SIZE"] = "1";
  environment["LOCAL_RANK"] = "0";
  const auto printed =
      run(folder.path(), {"run", recipes + "synthetic.yaml", "topology.timeout=0.5"}, environment);
  CHECK(printed.code == 1);
  CHECK(printed.err ==
        "runner: rank 1 found no rank 0 at 0.0.0.0, port 21990, within 0.5 s "
        "(topology.timeout): Connection refused\n");
}

TEST_CASE("a rank 0 to which nobody comes records the failure and names the missing ranks") {
  const TemporaryDirectory folder;
  const auto printed =
      run(folder.path(), {"run", recipes + "synthetic.yaml", "topology.timeout=0.5"},
          torchrun_rank(0, 3, "21991"));
  CHECK(printed.code == 1);
  CHECK(
      printed.err.ends_with(": 2 of 3 ranks did not come together on this machine within 0.5 s "
                            "(topology.timeout): 1, 2\n"));
  CHECK(last_run(folder).at("status") == "failed");
}

TEST_CASE("processes that were given different recipes are told the difference") {
  const TemporaryDirectory folder, elsewhere;
  Program other(elsewhere.path(), {"run", recipes + "synthetic.yaml", "optimizer.lr=0.5"},
                torchrun_rank(1, 2, "21992"));
  const auto first =
      run(folder.path(), {"run", recipes + "synthetic.yaml"}, torchrun_rank(0, 2, "21992"));
  const auto second = other.wait();
  const std::regex difference(
      "rank 1 on [^ ]+ was given another run than rank 0: config.optimizer.lr is 0.5 there and "
      "0.001 here\n");
  CHECK(first.code == 1);
  CHECK(second.code == 1);
  CHECK(std::regex_search(first.err, difference));
  CHECK(std::regex_search(second.err, difference));
}

TEST_CASE("a topology of one process is refused where several were started") {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {"run", recipes + "synthetic.yaml", "topology=single"},
                           torchrun_rank(0, 2, "21993"));
  CHECK(printed.code == 2);
  CHECK(printed.err ==
        "runner: topology 'single' is one process, but torchrun started 2 processes\n");
}

TEST_CASE("what rank 0 prints is shown, what others print is in files that the run names") {
  const TemporaryDirectory folder;
  // OpenMP's library prints its settings when it is loaded.
  const auto printed =
      run(folder.path(), {"run", recipes + "synthetic.yaml", "train.max_steps=1", ranks(2)},
          {{"OMP_DISPLAY_ENV", "TRUE"}});
  CHECK(printed.code == 0);
  const std::string line = "OPENMP DISPLAY ENVIRONMENT BEGIN\n";
  CHECK(printed.err.find(line) != std::string::npos);
  CHECK(printed.err.find(line) == printed.err.rfind(line));
  const std::filesystem::path logs = shown_run(folder).at("logs").get<std::string>();
  for (const auto* file : {"rank0.log", "rank1.log"})
    CHECK(read_file(logs / file).find(line) != std::string::npos);
}

TEST_CASE("a rank that throws is named with its text, and the others' complaints are not") {
  // Its address space is too small for the weights.
  const TemporaryDirectory folder, elsewhere;
  const std::vector<std::string> arguments{"run", recipes + "synthetic.yaml",
                                           "model.hidden=[400000]", "dataset.samples=100"};
  Program first(folder.path(), arguments, torchrun_rank(0, 2, "21994"));
  std::vector<std::string> limited{"prlimit", "--as=2000000000", runner_executable()};
  limited.insert(limited.end(), arguments.begin(), arguments.end());
  auto other = Program::command(elsewhere.path(), limited, torchrun_rank(1, 2, "21994"));
  const auto printed = first.wait();
  CHECK(printed.code == 1);
  CHECK(std::regex_search(
      printed.err,
      std::regex(
          "rank 1 on [^ ]+ failed at step 0: .*DefaultCPUAllocator: can't allocate memory")));
}

TEST_CASE("processes that mpirun starts train together") {
  const TemporaryDirectory folder;
  const auto printed =
      Program::command(folder.path(),
                       mpirun(3, {"run", recipes + "synthetic.yaml", "train.epochs=1"}))
          .wait();
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(std::regex_search(printed.out, std::regex("3 ranks on 1 node x 3, started by mpi \\(")));
  CHECK(last_run(folder, "launcher").at("launcher") == "mpi");
}

TEST_CASE("under mpirun a killed rank ends the run, which names it") {
  const TemporaryDirectory folder;
  auto program =
      Program::command(folder.path(), mpirun(2, {"run", recipes + "synthetic.yaml", endless}),
                       {{"RUNNER_TEST", folder.path().string()}});
  REQUIRE(program.wait_for("epoch 1,"));
  const auto fronts = children_of(program.pid());
  REQUIRE(fronts.size() == 2);
  kill(children_of(fronts[1]).at(0), SIGKILL);
  CHECK(program.wait().code != 0);
  CHECK(std::regex_search(shown_run(folder).at("reason").get<std::string>(),
                          std::regex("^rank [01] on [^ ]+ was killed by SIGKILL")));
  CHECK(left_running(folder.path().string()).empty());
}

TEST_CASE("weights of classes give the same gradients on any number of ranks and in any parts") {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {"verify", "equivalence", recipes + "synthetic.yaml",
                                           "loss.weight=[0.5, 1, 2, 0, 0.3, 1.7, 1, 3, 0.1, 0.9]",
                                           "loss.label_smoothing=0.1", "--steps", "3", "--json"});
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  const auto verdicts = Json::parse(printed.out);
  CHECK(verdicts.size() == 14);
  for (const auto& verdict : verdicts) CHECK(verdict.at("same") == true);
}

TEST_CASE("runner verify equivalence finds every shipped recipe the same on any number of ranks") {
  for (const std::string recipe :
       {"synthetic", "regression", "mnist", "fashion_mnist", "fashion_resnet"}) {
    CAPTURE(recipe);
    const TemporaryDirectory folder;
    const auto printed = run(folder.path(), {"verify", "equivalence", recipes + recipe + ".yaml",
                                             "--steps", "3", "--json"});
    CAPTURE(printed.err);
    CAPTURE(printed.out);
    CHECK(printed.code == 0);
    const auto verdicts = Json::parse(printed.out);
    CHECK(verdicts.size() == (recipe == "fashion_resnet" ? 10 : 14));
    for (const auto& verdict : verdicts) CHECK(verdict.at("same") == true);
  }
}
