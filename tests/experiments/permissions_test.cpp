#include "experiments/permissions.hpp"

#include "experiments/merge.hpp"
#include "experiments/merge_files.hpp"
#include "experiments/removal.hpp"
#include "tests/experiments/fixture.hpp"

#include <fstream>

#include <fmt/format.h>
#include <sys/stat.h>

using namespace runner;

namespace {

namespace fs = std::filesystem;

std::string mode_of(const fs::path& place) {
  struct stat found {};
  return stat(place.c_str(), &found) == 0 ? fmt::format("{:o}", found.st_mode & 07777) : "none";
}

/// $RUNNER_UMASK and the process's own umask for as long as this lives.
class Masks {
 public:
  Masks(const char* setting, mode_t own) : before_(umask(own)) {
    setenv("RUNNER_UMASK", setting, 1);
  }
  ~Masks() {
    umask(before_);
    unsetenv("RUNNER_UMASK");
  }
  Masks(const Masks&) = delete;
  Masks& operator=(const Masks&) = delete;

 private:
  mode_t before_;
};

}  // namespace

TEST_CASE("a database, what SQLite puts beside it and their folder are their owner's alone") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  store.begin(example_run());
  CHECK(mode_of(folder.database().parent_path()) == "700");
  CHECK(mode_of(folder.database()) == "600");
  CHECK(mode_of(folder.database().string() + "-wal") == "600");
  CHECK(mode_of(folder.database().string() + "-shm") == "600");
}

TEST_CASE("with RUNNER_UMASK=007 they are a group's, though the umask is narrower") {
  const Masks masks("007", 077);
  const TemporaryFolder folder;
  chmod(folder.path().c_str(), 02770);
  Store store = Store::create_or_open(folder.database());
  store.begin(example_run());
  CHECK(mode_of(folder.database().parent_path()) == "2770");
  CHECK(mode_of(folder.database()) == "660");
  CHECK(mode_of(folder.database().string() + "-wal") == "660");
}

TEST_CASE("a RUNNER_UMASK that is none is refused before anything is made") {
  for (const auto* bad : {"9", "group", "0770", "700", "77 "}) {
    const Masks masks(bad, 022);
    const TemporaryFolder folder;
    CHECK(error_of<UserError>([&] { Store::create_or_open(folder.database()); }) ==
          fmt::format("RUNNER_UMASK is '{}'; expected an octal number that leaves the owner "
                      "everything: 077 (nobody else), 007 (a group, too), 022 (all may read)",
                      bad));
    CHECK(!fs::exists(folder.database()));
  }
}

TEST_CASE("a folder that is there keeps its permissions") {
  const TemporaryFolder folder;
  fs::create_directories(folder.database().parent_path());
  chmod(folder.database().parent_path().c_str(), 0755);
  Store::create_or_open(folder.database());
  CHECK(mode_of(folder.database().parent_path()) == "755");
  CHECK(mode_of(folder.database()) == "600");
}

TEST_CASE("the copy of a database that is brought forward is its owner's alone") {
  const TemporaryFolder folder;
  make_old_database(folder.database(), 6);
  Store::open(folder.database());
  CHECK(mode_of(folder.database().string() + ".schema6.backup") == "600");
}

TEST_CASE("what merge copies and what gc moves to the trash is its owner's alone") {
  const TemporaryFolder here, there;
  Store theirs = Store::create_or_open(there.database());
  const auto id = theirs.begin(example_run());
  const auto step = there.database().parent_path() / "checkpoints" / id / "step-3";
  fs::create_directories(step);
  std::ofstream(step / "model.safetensors") << "weights";
  chmod((step / "model.safetensors").c_str(), 0644);
  Recorder recorder(there.database(), id);
  recorder.add({3, 1, step.string(), "[]", 7, "{}", now_ms()});
  recorder.finish(Status::done);
  Store ours = Store::create_or_open(here.database());
  merge(ours, there.database());
  REQUIRE(copy_merged_files(ours) == 1);
  const auto home = here.database().parent_path();
  CHECK(mode_of(home / "checkpoints" / id / "step-3") == "700");
  CHECK(mode_of(home / "checkpoints" / id / "step-3" / "model.safetensors") == "600");
  ours.database().execute("DELETE FROM runs");
  put_into_trash(ours.database(), find_garbage(ours.database()));
  CHECK(mode_of(home / "trash") == "700");
}
