#include "runner/commands/submit.hpp"

#include "experiments/details.hpp"
#include "experiments/listing.hpp"
#include "tests/experiments/fixture.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>

using namespace runner;

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// A machine of a cluster, whose sbatch is a shell script; the recipe is there, too.
class LoginNode {
 public:
  explicit LoginNode(const std::string& sbatch) {
    std::ofstream(folder_.path() / "small.yaml")
        << "model: mlp\ndataset: mnist\nloss: cross_entropy\noptimizer: sgd\n";
    fs::create_directory(folder_.path() / "bin");
    if (sbatch.empty()) return;
    const auto program = folder_.path() / "bin/sbatch";
    std::ofstream(program) << "#!/bin/sh\n" << sbatch << "\n";
    fs::permissions(program, fs::perms::owner_all);
  }

  /// What `runner submit small.yaml ARGUMENTS` prints; an error's text goes to standard error.
  std::string submit(std::vector<std::string> arguments) const {
    const pid_t child = start_child([&] { return submit_here(arguments); });
    code_ = exit_code(child);
    return read_file(folder_.path() / "out");
  }

  int code() const { return code_; }
  std::string errors() const { return read_file(folder_.path() / "err"); }
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  RunDetails run() const {
    Store store = Store::open(folder_.database());
    const auto listing = list_runs(store.database(), {.columns = {"id"}});
    REQUIRE(listing.total == 1);
    return read_run(store.database(), std::get<std::string>(listing.rows[0][0]));
  }

 private:
  // In a process of its own, for its folder and its environment.
  int submit_here(std::vector<std::string> arguments) const {
    dup2(open(path("out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    dup2(open(path("err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    fs::current_path(folder_.path());
    setenv("PATH", (path("bin").string() + ":/usr/bin:/bin").c_str(), 1);
    if (!fs::exists(path("bin/sbatch"))) setenv("PATH", path("bin").c_str(), 1);
    unsetenv("RUNNER_DB");
    CLI::App app;
    Command chosen;
    add_submit(app, chosen);
    arguments.insert(arguments.begin(), {"submit", "small.yaml"});
    std::ranges::reverse(arguments);  // as CLI11 takes a vector
    app.parse(arguments);
    const auto error = error_of([&] { chosen(); });
    std::cerr << error;
    std::fflush(nullptr);
    return error.empty() ? 0 : 1;
  }

  TemporaryFolder folder_;
  mutable int code_ = -1;
};

const std::string takes_it = "cat \"$2\" > seen; env > seen_environment; echo '4711;alps'";

}  // namespace

TEST_CASE("submit queues the run, sends its script and keeps the job's id") {
  const LoginNode node(takes_it);
  const auto printed = node.submit({"optimizer.lr=0.5", "--nodes", "2", "--gpus", "4"});
  CHECK(node.errors().empty());
  CHECK(node.code() == 0);
  const auto details = node.run();
  CHECK(details.status == "queued");
  CHECK(details.run.job_id == "4711");
  CHECK(details.run.world_size == 4);
  CHECK(details.run.nodes == 2);
  CHECK(details.run.data.empty());
  CHECK(details.run.command == "runner submit small.yaml optimizer.lr=0.5");
  CHECK(printed.starts_with("run " + details.id + " is queued as Slurm job 4711\n"));
  const auto script = read_file(node.path("seen"));
  CAPTURE(script);
  for (const std::string line :
       {"#SBATCH --job-name=small", "#SBATCH --nodes=2", "#SBATCH --gpus-per-node=2",
        "#SBATCH --signal=USR1@90", "#SBATCH --requeue"})
    CHECK(script.find(line + "\n") != script.npos);
  CHECK(script.find("\nexport RUNNER_RUN=" + details.id + "\n") != script.npos);
  CHECK(script.find(" run small.yaml optimizer.lr=0.5 --db " +
                    node.path(".runner/experiments.db").string() + "\n") != script.npos);
  CHECK(read_file(node.path(".runner/slurm/" + details.id + ".sbatch")) == script);
}

TEST_CASE("a job does not get the variables of the job that it is submitted from") {
  const LoginNode node(takes_it);
  setenv("SLURM_STEP_ID", "0", 1);
  setenv("SLURM_CONF", "/etc/slurm.conf", 1);
  node.submit({});
  unsetenv("SLURM_STEP_ID");
  unsetenv("SLURM_CONF");
  const auto environment = read_file(node.path("seen_environment"));
  CHECK(environment.find("SLURM_CONF=/etc/slurm.conf") != environment.npos);
  CHECK(environment.find("SLURM_STEP_ID") == environment.npos);
}

TEST_CASE("submit --json tells the run's id, the job's, and where its output goes") {
  const LoginNode node(takes_it);
  const auto told = nlohmann::json::parse(node.submit({"--json"}));
  CHECK(told["id"] == node.run().id);
  CHECK(told["job_id"] == "4711");
  CHECK(told["output"] == node.path(".runner/slurm/4711.out").string());
}

TEST_CASE("a job that sbatch refuses leaves a failed run that says why") {
  const LoginNode node(
      "echo 'sbatch: error: no partition nix' >&2; echo 'sbatch: error: no job' >&2; exit 1");
  node.submit({"--partition", "nix"});
  CHECK(node.errors() == "sbatch took no job: no partition nix; no job");
  CHECK(node.run().status == "failed");
  CHECK(node.run().reason == "sbatch took no job: no partition nix; no job");
}

TEST_CASE("submit --print leaves no trace, and neither does a mistake") {
  const LoginNode node(takes_it);
  const auto script = node.submit({"--ntasks", "2", "--sbatch", "exclusive", "--print"});
  CHECK(script.starts_with("#!/bin/bash\n#SBATCH --job-name=small\n"));
  CHECK(script.find("#SBATCH --exclusive\n") != script.npos);
  CHECK(script.find("RUNNER_RUN") == script.npos);
  node.submit({"--nodes", "2", "--gpus", "3"});
  CHECK(node.errors() == "--gpus 3 does not divide by the 2 nodes: each gets the same");
  CHECK_FALSE(fs::exists(node.path(".runner")));
  CHECK_FALSE(fs::exists(node.path("seen")));
}

TEST_CASE("without sbatch nothing is queued") {
  const LoginNode node("");
  node.submit({});
  CHECK(node.errors() ==
        "there is no sbatch on this machine: submit from a machine of a Slurm cluster, or see the "
        "script with --print");
  CHECK_FALSE(fs::exists(node.path(".runner")));
}
