#include "experiments/merge.hpp"
#include "experiments/recorder.hpp"
#include "experiments/store.hpp"
#include "tests/trust/chance.hpp"
#include "tests/trust/world.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

namespace {

namespace fs = std::filesystem;
using Random = std::mt19937_64;

/// Of each run a time of its own, so that of two copies one has ended later.
std::int64_t next_moment() {
  static std::int64_t moment = 1'700'000'000'000;
  return moment += 1000;
}

void go_on(Store& store, const std::string& id, std::size_t points, Random& random) {
  Recorder recorder(store.database().file(), id);
  for (std::size_t step = 1; step <= points; ++step)
    recorder.record("train/loss", static_cast<std::int64_t>(step), 1,
                    static_cast<double>(below(random, 1000)) / 10);
  recorder.finish(below(random, 2) == 0 ? Status::done : Status::interrupted);
  store.database()
      .prepare("UPDATE runs SET ended = ?2 WHERE id = ?1")
      .with(id, next_moment())
      .run();
}

void add_run(Store& store, const std::string& name, Random& random) {
  Run run;
  run.name = name;
  run.config = "{}";
  go_on(store, store.begin(run), 1 + below(random, 50), random);
}

std::vector<std::string> ids_of(Store& store) {
  auto select = store.database().prepare("SELECT id FROM runs ORDER BY id");
  std::vector<std::string> ids;
  while (select.step()) ids.push_back(select.text(0));
  return ids;
}

std::string name_of(Store& store, const std::string& id) {
  auto select = store.database().prepare("SELECT name FROM runs WHERE id = ?");
  return select.with(id).step() ? select.text(0) : "";
}

/// Some runs of the copy have gone on, some have come.
void change(const fs::path& file, int number, Random& random) {
  Store store = Store::open(file);
  for (const auto& id : ids_of(store)) {
    if (below(random, 2) == 0) continue;
    Run run;
    run.name = name_of(store, id);
    run.config = "{}";
    store.start(id, run, 0);
    go_on(store, id, 1 + below(random, 50), random);
  }
  for (std::size_t i = 0; i < below(random, 3); ++i)
    add_run(store, fmt::format("of{}-{}", number, i), random);
}

Contents merged(const fs::path& into, const std::vector<fs::path>& files) {
  Store store = Store::create_or_open(into);
  for (const auto& file : files) merge(store, file);
  return contents(into);
}

}  // namespace

TEST_CASE("property: stores merge to the same in any order, and a second time changes nothing") {
  by_chance(25, [](auto& random) {
    const TemporaryDirectory folder;
    const auto first = folder.path() / "first.db";
    {
      Store store = Store::create_or_open(first);
      for (std::size_t i = 0; i < 1 + below(random, 4); ++i)
        add_run(store, fmt::format("run{}", i), random);
    }
    std::vector<fs::path> files{first};
    for (int i = 0; i < 3; ++i) {
      files.push_back(folder.path() / fmt::format("copy{}.db", i));
      fs::copy_file(first, files.back());
      change(files.back(), i, random);
    }
    const auto wanted = merged(folder.path() / "in-order.db", files);
    auto shuffled = files;
    std::ranges::shuffle(shuffled, random);
    const auto other = folder.path() / "shuffled.db";
    CHECK(difference(merged(other, shuffled), wanted) == "");
    std::ranges::shuffle(shuffled, random);
    CHECK(difference(merged(other, shuffled), wanted) == "");
    Store one = Store::open(other), two = Store::open(folder.path() / "in-order.db");
    CHECK(ids_of(one).size() == ids_of(two).size());
  });
}
