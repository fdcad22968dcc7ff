#include "tests/program/program.hpp"
#include "tests/trust/chance.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>

using namespace runner;

namespace {

namespace fs = std::filesystem;

struct Usage {
  std::int64_t kib = 0, handles = 0;
};

Usage usage_of(pid_t pid) {
  Usage found;
  std::istringstream status(read_file("/proc/" + std::to_string(pid) + "/status"));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) found.kib = std::stoll(line.substr(6));
  std::error_code ignored;
  for (const auto& each : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd", ignored)) {
    static_cast<void>(each);
    ++found.handles;
  }
  return found;
}

/// The greatest use in a part of the samples.
Usage most(const std::vector<Usage>& samples, std::size_t begin, std::size_t end) {
  Usage found;
  for (auto i = begin; i < end; ++i) {
    found.kib = std::max(found.kib, samples[i].kib);
    found.handles = std::max(found.handles, samples[i].handles);
  }
  return found;
}

bool has_ended(const Program& program) {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(program.pid()), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid != 0;
}

void check_flat(const std::string& name, const std::vector<Usage>& samples) {
  REQUIRE(samples.size() >= 6);
  const auto early = most(samples, samples.size() / 6, samples.size() / 2);
  const auto late = most(samples, samples.size() / 2, samples.size());
  MESSAGE(name << ": " << early.kib << " KiB and " << early.handles << " handles, later "
               << late.kib << " and " << late.handles);
  CHECK(late.kib < early.kib + 4096);
  CHECK(late.handles <= early.handles + 2);  // a checkpoint or a journal may be open just then
}

}  // namespace

TEST_CASE("soak: memory and handles stay flat over so many steps") {
  const auto steps = number_of("RUNNER_TRUST_STEPS", 40'000);
  const TemporaryDirectory folder;
  Program program(
      folder.path(),
      {"run", "synthetic", "topology={name: single, device: cpu, threads: 1}", "model.hidden=[4]",
       "dataset={samples: 1000, eval_samples: 100, shape: [1, 2, 2]}",
       "train={batch_size: 2, epochs: 100000, max_steps: " + std::to_string(steps) + "}",
       "eval.every=5000 steps", "save.every=5000 steps", "log.every=10 steps"});
  std::vector<Usage> front, worker;
  while (!has_ended(program)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(steps > 100'000 ? 1000 : 100));
    const auto workers = children_of(program.pid());
    if (workers.size() != 1) continue;
    front.push_back(usage_of(program.pid()));
    worker.push_back(usage_of(workers[0]));
  }
  const auto printed = program.wait();
  INFO(printed.err);
  CHECK(printed.code == 0);
  REQUIRE_FALSE(front.empty());
  front.pop_back();  // it may be of a process that was ending
  worker.pop_back();
  check_flat("runner", front);
  check_flat("runner-worker", worker);
}
