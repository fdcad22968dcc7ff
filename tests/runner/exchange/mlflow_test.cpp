#include "runner/exchange/mlflow.hpp"

#include "tests/runner/exchange/recorded.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

namespace {

std::string rows(const Database& database, const std::string& select) {
  auto row = database.prepare(select);
  std::string out;
  while (row.step()) out += row.text(0) + "\n";
  return out;
}

}  // namespace

TEST_CASE("a store of MLflow's has each run's points, the latest of them, and how it ended") {
  Recorded runs;
  runs.store.database().execute("UPDATE points SET value = 9e999 WHERE value = 0.25");
  const auto file = runs.folder.path() / "mlflow.db";
  write_mlflow(runs.store.database(), {runs.a, runs.b}, {}, file);
  const Database store(file, Database::Open::read);
  CHECK(
      rows(store, "SELECT run_uuid || ' ' || name || ' ' || status FROM runs ORDER BY run_uuid") ==
      runs.a + " a, the first FINISHED\n" + runs.b + " b FAILED\n");
  CHECK(rows(store,
             "SELECT \"key\" || ' ' || step || ' ' || value || ' ' || is_nan FROM metrics"
             " ORDER BY run_uuid, \"key\", step") ==
        "eval/loss 2 0.1 0\ntrain/loss 1 1.79769313486232e+308 0\ntrain/loss 2 0.125 0\n"
        "eval/loss 2 0.0 1\n");
  CHECK(rows(store,
             "SELECT \"key\" || ' ' || step || ' ' || is_nan FROM latest_metrics"
             " ORDER BY run_uuid, \"key\"") == "eval/loss 2 0\ntrain/loss 2 0\neval/loss 2 1\n");
  CHECK(rows(store, "SELECT value FROM tags WHERE \"key\" = 'runner.reason'") == "NaN\n");
}

TEST_CASE("a store that cannot be written leaves nothing behind") {
  Recorded runs;
  const auto file = runs.folder.path() / "none" / "mlflow.db";
  CHECK(error_of<StoreError>([&] { write_mlflow(runs.store.database(), {runs.a}, {}, file); }) ==
        fmt::format("cannot write {}: No such file or directory", file.string()));
  const auto folder = runs.folder.path() / "folder";
  std::filesystem::create_directory(folder);
  CHECK(error_of<StoreError>([&] { write_mlflow(runs.store.database(), {runs.a}, {}, folder); }) ==
        fmt::format("cannot write {}: Is a directory", folder.string()));
  for (const auto& entry : std::filesystem::directory_iterator(runs.folder.path()))
    CHECK(entry.path().extension() != ".tmp");
}
