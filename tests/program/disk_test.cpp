#include "experiments/store.hpp"
#include "tests/program/program.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <regex>

#include <doctest/doctest.h>

using namespace runner;

namespace {

namespace fs = std::filesystem;

/// A disk of its own for a test: so many kB in memory.
class SmallDisk {
 public:
  explicit SmallDisk(int kilobytes) {
    const auto mount = "mount -t tmpfs -o size=" + std::to_string(kilobytes) + "k tmpfs " +
                       folder.path().string() + " >/dev/null 2>&1";
    mounted_ = std::system(mount.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) static_cast<void>(std::system(("umount " + folder.path().string()).c_str()));
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  void give_room() const {
    const auto remount = "mount -o remount,size=20m " + folder.path().string() + " >/dev/null 2>&1";
    REQUIRE(std::system(remount.c_str()) == 0);
  }

  /// CTest counts a test that prints this as skipped.
  bool missing() const {
    if (!mounted_) std::cout << "skipped: no small disk (needs root)\n";
    return !mounted_;
  }

  TemporaryDirectory folder;

 private:
  bool mounted_ = false;
};

/// Of 570 kB each, twice a checkpoint and once what comes into being. What is printed has room.
Printed train_on(const SmallDisk& disk, const std::vector<std::string>& more = {}) {
  const TemporaryDirectory elsewhere;
  std::vector<std::string> words{"run",
                                 std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml",
                                 "topology={name: ddp, device: cpu, devices: 2, threads: 1}",
                                 "optimizer=adam",
                                 "train.epochs=2",
                                 "save={every: 20 steps, keep_last: 2}",
                                 "--db",
                                 (disk.folder.path() / ".runner/experiments.db").string()};
  words.insert(words.end(), more.begin(), more.end());
  return run(elsewhere.path(), words);
}

/// Those in the store are whole, and there is nothing else in the folder.
void check_checkpoints(const SmallDisk& disk, std::size_t at_least) {
  Store store = Store::open(disk.folder.path() / ".runner" / "experiments.db");
  auto intact = store.database().prepare("PRAGMA integrity_check");
  REQUIRE(intact.step());
  CHECK(intact.text(0) == "ok");
  const auto id = last_run(disk.folder, "id").at("id").get<std::string>();
  const auto known = store.checkpoints(id);
  CHECK(known.size() >= at_least);
  std::size_t folders = 0;
  for (const auto& entry :
       fs::directory_iterator(disk.folder.path() / ".runner" / "checkpoints" / id)) {
    CAPTURE(entry.path().string());
    CHECK(entry.path().extension() != ".tmp");
    ++folders;
  }
  CHECK(folders == known.size());
}

const std::regex warning(
    "runner: WARNING: the checkpoint of step [0-9]+ could not be saved: "
    "[^\n]*: No space left on device\n");

}  // namespace

TEST_CASE(
    "on a full disk the run goes on, says which checkpoints it could not save, and keeps the "
    "last") {
  for (const std::string topology : {"ddp", "zero1"}) {
    const SmallDisk disk(1150);
    if (disk.missing()) return;
    CAPTURE(topology);
    // Points that come while a checkpoint fills the disk would end the run: here there are few.
    const auto printed =
        train_on(disk, {"topology.name=" + topology, "log={every: 1 epoch, system_seconds: 0}"});
    CAPTURE(printed.err);
    CHECK(printed.code == 0);
    CHECK(std::regex_search(printed.err, warning));
    CHECK(std::regex_replace(printed.err, warning, "") == "");
    disk.give_room();
    CHECK(last_run(disk.folder, "status").at("status") == "done");
    check_checkpoints(disk, 1);
    // With room again it goes on from what it has.
    const auto resumed = run(disk.folder.path(), {"resume", "last", "train.epochs=3"});
    CAPTURE(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(resumed.err == "");
    check_checkpoints(disk, 2);
  }
}

TEST_CASE("where not even the store has room the run ends and says so, and the store is intact") {
  const SmallDisk disk(1500);
  if (disk.missing()) return;
  const auto printed = train_on(disk, {"log.every=1 steps", "train.epochs=40"});
  CAPTURE(printed.err);
  CHECK(printed.code == 1);
  CHECK(std::regex_replace(printed.err, warning, "") ==
        "runner: cannot write " + (disk.folder.path() / ".runner/experiments.db").string() +
            ": the disk is full\n");
  disk.give_room();
  check_checkpoints(disk, 1);
}

TEST_CASE("a run none of whose checkpoints could be saved has failed: its weights are gone") {
  const TemporaryDirectory folder;
  fs::create_directory(folder.path() / ".runner");
  folder.write(".runner/checkpoints", "no folder");
  const std::vector<std::string> words{
      "run", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml", "train.max_steps=3"};
  const auto printed = run(folder.path(), words);
  CHECK(printed.code == 1);
  const auto run_row = last_run(folder, "id,status,reason");
  const auto id = run_row.at("id").get<std::string>();
  const auto reason = "cannot create the folder " +
                      (folder.path() / ".runner/checkpoints" / id / "step-3.tmp").string() +
                      ": File exists";
  CHECK(run_row.at("status") == "failed");
  CHECK(run_row.at("reason") == "no checkpoint could be saved: " + reason);
  CHECK(numbers_replaced(printed.err) ==
        numbers_replaced("runner: WARNING: the checkpoint of step 3 could not be saved: " + reason +
                         "\nrunner: run " + id +
                         " failed after 0.1 s: no checkpoint could be saved: " + reason + "\n"));

  auto without = words;
  without.push_back("save.every=null");
  CHECK(run(folder.path(), without).code == 0);
}

TEST_CASE("a run of which something cannot be written has failed, with the cause in its status") {
  const TemporaryDirectory folder;
  const auto database = folder.path() / ".runner/experiments.db";
  Store::create_or_open(database).database().execute(
      "CREATE TRIGGER failing BEFORE UPDATE OF versions ON documents"
      " BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END");
  const auto printed =
      run(folder.path(), {"run", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml"});
  CHECK(printed.code == 1);
  const auto cause = database.string() + ": disk I/O error";
  CHECK(printed.err.starts_with("runner: run "));
  CHECK(printed.err.ends_with(" s: " + cause + "\n"));
  CHECK(last_run(folder, "status").at("status") == "failed");
  CHECK(last_run(folder, "reason").at("reason") == cause);
}
