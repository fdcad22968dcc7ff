#include "tests/program/program.hpp"

#include <filesystem>

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// What the `runner` of this commit left.
void take_stored(const std::string& commit, const TemporaryDirectory& folder) {
  std::filesystem::copy(std::string(RUNNER_SOURCE_DIR) + "/tests/stored/" + commit,
                        folder.path() / ".runner", std::filesystem::copy_options::recursive);
}

Printed resume(const TemporaryDirectory& folder, const std::string& run_name, int steps) {
  return run(folder.path(),
             {"resume", run_name, "train.max_steps=" + std::to_string(steps), "save.keep_last=9"});
}

Json versions_of(const TemporaryDirectory& folder, const std::string& run_name) {
  return Json::parse(run(folder.path(), {"show", run_name, "--json"}).out).at("versions");
}

}  // namespace

TEST_CASE("runs of an earlier version are listed as they were") {
  const TemporaryDirectory folder;
  take_stored("af6aa09", folder);
  const auto listed = run(folder.path(), {"list", "--columns", "name,status,eval/loss"});
  CHECK(listed.code == 0);
  CHECK(listed.err == "");
  CHECK(listed.out ==
        "id          name              status  eval/loss\n"
        "2qmj6cfxt1  no_dropout        done       2.3031\n"
        "2qmj6b3vtd  dropout_on_ranks  done       2.3009\n"
        "2qmj6954cw  dropout           done       2.3031\n");
}

TEST_CASE("a run with dropout by the order of calls is told once that it draws other masks") {
  for (const std::string name : {"dropout", "dropout_on_ranks"}) {
    CAPTURE(name);
    const TemporaryDirectory folder;
    take_stored("af6aa09", folder);
    const auto first = resume(folder, name, 21);
    CHECK(first.code == 0);
    CHECK(first.err ==
          "runner: WARNING: this run began with an older version of runner; after step 14 dropout "
          "draws other masks\n");
    CHECK(versions_of(folder, name).at("dropout") == "other masks after step 14");
    const auto again = resume(folder, name, 28);
    CHECK(again.code == 0);
    CHECK(again.err == "");
    CHECK(versions_of(folder, name).at("dropout") == "other masks after step 14");
  }
}

TEST_CASE("a run of an earlier version without dropout goes on, and nothing is said") {
  const TemporaryDirectory folder;
  take_stored("af6aa09", folder);
  const auto resumed = resume(folder, "no_dropout", 21);
  CHECK(resumed.code == 0);
  CHECK(resumed.err == "");
  CHECK_FALSE(versions_of(folder, "no_dropout").contains("dropout"));
}

TEST_CASE("databases and checkpoints of 03fedd1 are listed, and their runs go on") {
  for (const auto& each :
       {std::pair{"03fedd1/alone", "2qmq0tq18s"}, {"03fedd1/swept", "2qmq0tzx7s"}}) {
    const std::string stored = each.first, run_id = each.second;
    CAPTURE(stored);
    const TemporaryDirectory folder;
    take_stored(stored, folder);
    const auto listed = run(folder.path(), {"list", "--where", "status == done", "--json"});
    CHECK(Json::parse(listed.out).size() == (stored == "03fedd1/alone" ? 1 : 2));
    const auto resumed = resume(folder, run_id, 21);
    CAPTURE(resumed.err);
    CHECK(resumed.code == 0);
    const auto shown = Json::parse(run(folder.path(), {"show", run_id, "--json"}).out);
    CHECK(shown.at("checkpoints").front().at("step") == 21);
  }
}
