#include "experiments/location.hpp"

#include "tests/experiments/fixture.hpp"

#include <fstream>

#include <sys/mount.h>

using namespace runner;
namespace fs = std::filesystem;

namespace {

class WorkingDirectory {
 public:
  explicit WorkingDirectory(const fs::path& path) : before_(fs::current_path()) {
    fs::current_path(path);
  }
  ~WorkingDirectory() { fs::current_path(before_); }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

 private:
  fs::path before_;
};

// What a user without rights is told, from a process of its own.
std::string error_as_nobody(const std::function<void()>& work) {
  const Shared<char[512]> text;
  const pid_t child = start_child([&] {
    if (setuid(65534) != 0) return 1;
    error_of<StoreError>(work).copy(*text, sizeof *text - 1);
    return 0;
  });
  CHECK(exit_code(child) == 0);
  return *text;
}

}  // namespace

TEST_CASE(
    "the database is the flag's, else the environment's, else the nearest upwards, else here") {
  unsetenv("RUNNER_DB");
  const TemporaryFolder folder;
  const fs::path root = fs::canonical(folder.path());
  fs::create_directories(root / "project" / "deep" / "down");
  const WorkingDirectory inside(root / "project" / "deep" / "down");
  CHECK(find_database() == root / "project" / "deep" / "down" / ".runner" / "experiments.db");

  Store::create_or_open(root / ".runner" / "experiments.db");
  CHECK(find_database() == root / ".runner" / "experiments.db");
  Store::create_or_open(root / "project" / ".runner" / "experiments.db");
  CHECK(find_database() == root / "project" / ".runner" / "experiments.db");

  setenv("RUNNER_DB", "/elsewhere/runs.db", 1);
  CHECK(find_database() == "/elsewhere/runs.db");
  CHECK(find_database("here.db") == root / "project" / "deep" / "down" / "here.db");
  unsetenv("RUNNER_DB");
}

TEST_CASE(
    "a reading command where there is no database says which one it looked for, and makes none") {
  const TemporaryFolder folder;
  CHECK(error_of<UserError>([&] { Store::open(folder.database()); }) ==
        "there are no runs yet: no database at " + folder.database().string());
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("WAL on a local disk, the rollback journal on a network's") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  auto mode = store.database().prepare("PRAGMA journal_mode");
  REQUIRE(mode.step());
  CHECK(mode.text(0) == "wal");
  CHECK(is_network_filesystem(0x6969));            // NFS
  CHECK(is_network_filesystem(0x0BD00BD0));        // Lustre
  CHECK_FALSE(is_network_filesystem(0xEF53));      // ext4
  CHECK_FALSE(is_network_filesystem(0x01021994));  // tmpfs
}

TEST_CASE("a folder that cannot be written is named in the error" * doctest::skip(geteuid() != 0)) {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms(0755));
  CHECK(error_as_nobody([&] { Store::create_or_open(folder.database()); }) ==
        "cannot create the folder " + folder.database().parent_path().string() +
            ": Permission denied");
  const fs::path direct = folder.path() / "runs.db";
  CHECK(error_as_nobody([&] { Store::create_or_open(direct); }) ==
        "cannot open " + direct.string() + ": no permission, or its folder cannot be written");
}

TEST_CASE("somebody who may only read can list, but not begin a run" *
          doctest::skip(geteuid() != 0)) {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms(0755));
  setenv("RUNNER_UMASK", "022", 1);
  Store::create_or_open(folder.database()).begin(example_run());
  unsetenv("RUNNER_UMASK");
  const auto list = [&] {
    Store store = Store::open(folder.database());
    if (store.database().integer("SELECT count(*) FROM runs") != 1) throw StoreError("no run");
  };
  const auto begin = [&] { Store::create_or_open(folder.database()).begin(example_run()); };
  const std::string refused = "cannot write " + folder.database().string() +
                              ": no permission to write the file or its folder";
  CHECK(error_as_nobody(list) == "");
  CHECK(error_as_nobody(begin) == refused);

  const Store writing = Store::open(folder.database());
  CHECK(error_as_nobody(list) == "");
  CHECK(error_as_nobody(begin) == refused);
}

TEST_CASE("a full disk is reported by the next call, and what was flushed before is still there") {
  const TemporaryFolder folder;
  const fs::path disk = folder.path() / "disk";
  fs::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
    MESSAGE("skipped: only root can mount a small disk");
    return;
  }
  {
    const fs::path file = disk / "experiments.db";
    Store store = Store::create_or_open(file);
    Recorder recorder(file, store.begin(example_run()));
    recorder.record("train/loss", 0, 0.5, 1);
    recorder.flush();
    const std::string full = "cannot write " + file.string() + ": the disk is full";
    for (int step = 1; step < 100'000; ++step) {
      if (!error_of([&] { recorder.record("train/loss", step, 0.5, 1); }).empty()) break;
    }
    CHECK(error_of<StoreError>([&] { recorder.flush(); }) == full);
    CHECK(error_of<StoreError>([&] { recorder.record("train/loss", 1, 1, 1); }) == full);
    CHECK(error_of<StoreError>([&] { recorder.finish(Status::done); }) == full);
    CHECK(store.database().integer("SELECT count(*) FROM points WHERE step = 0") == 1);
    auto run = store.database().prepare("SELECT status, reason FROM runs");
    REQUIRE(run.step());
    CHECK(run.text(0) == "failed");
    CHECK(run.text(1) == full);
  }
  umount(disk.c_str());
}
