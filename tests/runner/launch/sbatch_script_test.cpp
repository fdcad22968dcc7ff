#include "runner/launch/sbatch_script.hpp"

#include "experiments/error.hpp"
#include "tests/experiments/fixture.hpp"

using namespace runner;

namespace {

BatchJob example() {
  BatchJob job;
  job.name = "mnist";
  job.nodes = 2;
  job.tasks_per_node = 4;
  job.signal = "USR1@90";
  job.folder = "/home/me/project";
  job.output_folder = "/home/me/project/.runner/slurm";
  job.command = {"/opt/runner/bin/runner", "run",  "recipes/mnist.yaml",
                 "optimizer.lr=0.5",       "--db", "/home/me/project/.runner/experiments.db"};
  return job;
}

}  // namespace

TEST_CASE("the script for sbatch is whole") {
  auto job = example();
  job.run_id = "2q6cqh61vr";
  job.secret_file = "/home/me/project/.runner/slurm/2q6cqh61vr.secret";
  job.gpus = true;
  job.cpus_per_task = 6;
  job.options = {{"time", "2:00:00"}, {"partition", "gpu"}};
  job.more = {"--constraint=a100&ib", "--exclusive"};
  CHECK(sbatch_script(job) == R"(#!/bin/bash
#SBATCH --job-name=mnist
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=4
#SBATCH --gpus-per-node=4
#SBATCH --cpus-per-task=6
#SBATCH --time=2:00:00
#SBATCH --partition=gpu
#SBATCH --signal=USR1@90
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=/home/me/project/.runner/slurm/%j.out
#SBATCH --chdir=/home/me/project
#SBATCH --constraint='a100&ib'
#SBATCH --exclusive

export RUNNER_RUN=2q6cqh61vr
export RUNNER_SECRET_FILE=/home/me/project/.runner/slurm/2q6cqh61vr.secret
exec srun --kill-on-bad-exit=1 --export=ALL --cpus-per-task=6 /opt/runner/bin/runner run recipes/mnist.yaml optimizer.lr=0.5 --db /home/me/project/.runner/experiments.db
)");
}

TEST_CASE("the script for a range of nodes starts the tasks of as many as Slurm gives") {
  auto job = example();
  job.nodes = CountRange(1, 4);
  job.cpus_per_task = 6;
  job.outlives_nodes = true;
  CHECK(sbatch_script(job) == R"(#!/bin/bash
#SBATCH --job-name=mnist
#SBATCH --nodes=1-4
#SBATCH --mincpus=24
#SBATCH --cpus-per-task=6
#SBATCH --signal=USR1@90
#SBATCH --no-kill
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=/home/me/project/.runner/slurm/%j.out
#SBATCH --chdir=/home/me/project

exec srun --kill-on-bad-exit=0 --no-kill --export=ALL --ntasks-per-node=4 --cpus-per-task=6 /opt/runner/bin/runner run recipes/mnist.yaml optimizer.lr=0.5 --db /home/me/project/.runner/experiments.db
)");
}

TEST_CASE("a script that is only printed goes on with no run, and may leave the output to Slurm") {
  auto job = example();
  job.requeue = false;
  job.output_folder.clear();
  CHECK(sbatch_script(job) == R"(#!/bin/bash
#SBATCH --job-name=mnist
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=4
#SBATCH --signal=USR1@90
#SBATCH --no-requeue
#SBATCH --open-mode=append
#SBATCH --chdir=/home/me/project

exec srun --kill-on-bad-exit=1 --export=ALL /opt/runner/bin/runner run recipes/mnist.yaml optimizer.lr=0.5 --db /home/me/project/.runner/experiments.db
)");
}

TEST_CASE("what a shell or Slurm would take apart is quoted in the script") {
  auto job = example();
  job.name = "it's \"new\" #2";
  job.folder = "/home/me/50% done";
  job.output_folder = "/home/me/50% done/.runner/slurm";
  job.command = {"/bin/runner", "run", "a b.yaml", "topology={name: ddp, devices: 2}"};
  const auto script = sbatch_script(job);
  const auto has = [&](const std::string& line) { return script.find(line) != script.npos; };
  CAPTURE(script);
  CHECK(has("#SBATCH --job-name='it'\\''s \"new\" #2'\n"));
  CHECK(has("#SBATCH --output='/home/me/50%% done/.runner/slurm/%j.out'\n"));
  CHECK(has("#SBATCH --chdir='/home/me/50% done'\n"));
  CHECK(has("--export=ALL /bin/runner run 'a b.yaml' 'topology={name: ddp, devices: 2}'\n"));
}

TEST_CASE("a line break, which would end an option for sbatch, is refused") {
  auto job = example();
  job.name = "two\nlines";
  CHECK(error_of<UserError>([&] { sbatch_script(job); }) ==
        "'--job-name='two\nlines'' has a line break, which sbatch cannot read");
}
