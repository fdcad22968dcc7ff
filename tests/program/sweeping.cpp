#include "tests/program/sweeping.hpp"

#include <chrono>
#include <random>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

namespace runner {
namespace {

constexpr auto mark = "RUNNER_TEST_SWEEP";

}  // namespace

Sweeping::Sweeping(const std::string& more)
    : recipe_(folder_.write("small.yaml", "extends: " RUNNER_SOURCE_DIR "/recipes/synthetic.yaml\n"
                                          "name: small\n" +
                                              more)),
      database_(folder_.path() / "runs.db") {}

std::map<std::string, std::string> Sweeping::environment() const {
  return {{mark, folder_.path()}};
}

Program Sweeping::start(std::vector<std::string> overrides) const {
  return start_in(folder_.path(), std::move(overrides));
}

Program Sweeping::start_in(const std::filesystem::path& folder,
                           std::vector<std::string> overrides) const {
  std::vector<std::string> words{"run", recipe_, "--db", database_};
  words.insert(words.end(), overrides.begin(), overrides.end());
  return Program(folder, std::move(words), environment());
}

Printed Sweeping::run(std::vector<std::string> overrides) const {
  return start(std::move(overrides)).wait();
}

void Sweeping::kill_at_random_moments(int times, unsigned seed) const {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> pause(20, 700);
  for (int i = 0; i < times; ++i) {
    const auto program = start();
    std::this_thread::sleep_for(std::chrono::milliseconds(pause(random)));
    program.signal(SIGKILL);
  }
}

Printed Sweeping::ask(std::vector<std::string> words) const {
  words.insert(words.end(), {"--db", database_});
  return runner::run(folder_.path(), std::move(words));
}

Json Sweeping::answer(std::vector<std::string> words) const {
  words.emplace_back("--json");
  const auto printed = ask(std::move(words));
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  return Json::parse(printed.out);
}

std::vector<TrialRow> Sweeping::trials(const std::string& name) const {
  Store store = Store::open(database_);
  auto select = store.database().prepare(
      "SELECT parameters, point, status, ifnull(failure, ''), ifnull(reason, ''),"
      " ifnull(run_id, ''), value FROM trials WHERE sweep_id ="
      " (SELECT id FROM sweeps WHERE name = ? ORDER BY id DESC LIMIT 1) ORDER BY number");
  select.with(name);
  std::vector<TrialRow> rows;
  while (select.step())
    rows.push_back({select.text(0), select.text(1), select.text(2), select.text(3), select.text(4),
                    select.text(5), select.real(6)});
  return rows;
}

std::int64_t Sweeping::integer(const std::string& select) const {
  return Store::open(database_).database().integer(select);
}

std::string Sweeping::text(const std::string& select) const {
  Store store = Store::open(database_);
  auto statement = store.database().prepare(select);
  REQUIRE(statement.step());
  return statement.text(0);
}

std::string Sweeping::weights(const std::string& run_id) const {
  Store store = Store::open(database_);
  const auto all = store.checkpoints(run_id);
  auto run = store.database().prepare(
      "SELECT status, restarts, (SELECT count(*) FROM attempts WHERE run_id = id),"
      " (SELECT group_concat(status || ' ' || next_step) FROM attempts WHERE run_id = id)"
      " FROM runs WHERE id = ?");
  REQUIRE(run.with(run_id).step());
  const auto told = run.text(0) + ", attempts: " + run.text(3);
  CAPTURE(run_id);
  CAPTURE(told);
  REQUIRE_FALSE(all.empty());
  for (const auto& file : Json::parse(all.front().files))
    if (file.at("name") == "model.safetensors") return file.at("sha256");
  FAIL("a checkpoint without weights");
  return "";
}

std::string Sweeping::results() const {
  std::string lines;
  for (const auto& trial : trials())
    lines += fmt::format("{}: {}, {}\n", trial.parameters, trial.value,
                         weights(trial.run_id).substr(0, 16));
  return lines;
}

bool Sweeping::wait_for_trial(const std::string& status) const {
  const auto count = "SELECT count(*) FROM trials WHERE status = '" + status + "'";
  for (int i = 0; i < 6000; ++i) {
    std::error_code ignored;
    // It may be at its schema just now.
    try {
      if (std::filesystem::exists(database_) && integer(count) > 0) return true;
    } catch (const StoreError&) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::vector<pid_t> Sweeping::left() const {
  return left_running(std::string(mark) + "=" + folder_.path().string());
}

}  // namespace runner
