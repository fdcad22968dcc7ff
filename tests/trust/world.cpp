#include "tests/trust/world.hpp"

#include "experiments/location.hpp"
#include "experiments/schema.hpp"
#include "experiments/store.hpp"
#include "runner/record/checkpoints.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace runner {

namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

constexpr auto recipe = R"(name: small
seed: 1
model: {name: mlp, hidden: [8], dropout: 0.2}
dataset: {name: synthetic, samples: 200, eval_samples: 50, shape: [1, 4, 4]}
loss: cross_entropy
optimizer: {name: adamw, lr: 0.01}
topology: {name: single, device: cpu, threads: 1}
train: {batch_size: 10, epochs: 100, max_steps: 90}
eval: {batch_size: 50, every: 15 steps}
log: {every: 1 step, system_seconds: 0}
save: {every: 3 steps, keep_last: 2}
)";

constexpr auto sweep = R"(extends: small.yaml
name: sweep
matrix: {optimizer.lr: [0.1, 0.01, 0.001]}
train: {max_steps: 20}
)";

void write_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// As Lightning's CSVLogger writes it.
std::string lightning_csv() {
  std::string text = "epoch,step,train_loss\n";
  for (int step = 0; step < 400; ++step)
    text += fmt::format("{},{},{}\n", step / 100, step, 1.0 / (step + 1));
  return text;
}

void make_old_store(const fs::path& file) {
  fs::create_directories(file.parent_path());
  Database database(file, Database::Open::create);
  database.execute("PRAGMA journal_mode = WAL");
  migrate(database, schema_steps().first(1));
  database.execute(
      "INSERT INTO runs (id, name, recipe, started, ended, status, host, boot_id, pid,"
      " pid_started, seed) VALUES ('2q6cqh61vr', 'old', 'old.yaml', 1700000000000, 1700000009000,"
      " 'done', 'elsewhere', '', 1, 1, 5);"
      "INSERT INTO series (id, run_id, name, count, last_step, last_value, min_value, max_value)"
      " VALUES (1, '2q6cqh61vr', 'train/loss', 5000, 5000, 1, 1, 1);"
      "WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < 5000)"
      " INSERT INTO points (series_id, step, epoch, value, time)"
      " SELECT 1, n, n / 100.0, 1, 1700000000000 + n FROM steps");
}

void train(const fs::path& folder, Words words) {
  words.insert(words.begin(), {"run", (folder / "small.yaml").string()});
  const auto printed = run(folder, words);
  if (printed.code != 0) throw std::runtime_error("the world cannot be made: " + printed.err);
}

/// Made once, and then copied: places in a store are told from its own folder.
const fs::path& first_world() {
  static const TemporaryDirectory made;
  static const bool once = [] {
    const auto& folder = made.path();
    write_file(folder / "small.yaml", recipe);
    write_file(folder / "sweep.yaml", sweep);
    write_file(folder / "logs/lightning/version_0/metrics.csv", lightning_csv());
    write_file(folder / "bin/sbatch", "#!/bin/sh\nsleep 0.02\necho 77\n");
    fs::permissions(folder / "bin/sbatch", fs::perms::owner_all);
    make_old_store(folder / "old/experiments.db");
    train(folder, {"name=done", "train.max_steps=30"});
    train(folder, {"name=kept", "train.max_steps=30", "seed=2"});
    train(folder, {"name=stopped", "train.max_steps=45", "seed=3"});
    write_file(folder / ".runner/checkpoints/2qqqqqqqqq/step-1/model.safetensors", "12345678");
    const auto other = (folder / "other/experiments.db").string();
    for (const std::string seed : {"4", "5"})
      train(folder, {"name=other" + seed, "train.max_steps=15", "seed=" + seed, "--db", other});
    for (const auto* printed : {"out", "err"}) fs::remove(folder / printed);
    return true;
  }();
  static_cast<void>(once);
  return made.path();
}

std::string text_of(const Database& database, const std::string& sql) {
  auto statement = database.prepare(sql);
  std::string lines;
  while (statement.step()) lines += statement.text(0) + "\n";
  return lines;
}

/// The digests of the newest checkpoint's files; training.safetensors has times in it.
std::string digests(Store& store, const std::string& run_id) {
  const auto all = store.checkpoints(run_id);
  if (all.empty()) return "no checkpoint";
  std::string lines = fmt::format("step {}\n", all.front().step);
  for (const auto& file : Json::parse(all.front().files))
    if (const auto name = file.at("name").get<std::string>(); name != "training.safetensors")
      lines += fmt::format("{} {}\n", name, file.at("sha256").get<std::string>());
  return lines;
}

void look_at(const fs::path& database, std::vector<std::string>& broken) {
  Store store = Store::open(database);
  const auto& it = store.database();
  const auto expect = [&](const std::string& found, const std::string& wanted, const char* what) {
    if (found != wanted)
      broken.push_back(fmt::format("{}: {}: {}", database.string(), what, found));
  };
  expect(text_of(it, "PRAGMA integrity_check"), "ok\n", "PRAGMA integrity_check");
  expect(text_of(it, "SELECT \"table\" FROM pragma_foreign_key_check"), "", "foreign keys");
  expect(text_of(it,
                 "SELECT id FROM series s WHERE count <> (SELECT count(*) FROM points"
                 " WHERE series_id = s.id)"),
         "", "series whose count is not that of their points");
  for (const auto& id : {text_of(it, "SELECT id FROM runs")}) {
    std::istringstream lines(id);
    for (std::string run; std::getline(lines, run);)
      for (const auto& checkpoint : store.checkpoints(run))
        expect(damage(checkpoint), "", "a checkpoint");
  }
}

/// Files that the store has a use for, and the recipes.
bool belongs(const fs::path& file, const std::set<std::string>& named) {
  const auto text = file.string();
  for (const auto* part : {"one/", "two/", "again/", "exports/", "logs/", "other/", "old/", "bin/"})
    if (text.starts_with(part)) return !text.ends_with(".tmp") && !text.ends_with(".part");
  static const std::set<std::string> own{"small.yaml",
                                         "sweep.yaml",
                                         ".runner/experiments.db",
                                         ".runner/experiments.db-wal",
                                         ".runner/experiments.db-shm",
                                         "out",
                                         "err"};
  if (own.contains(text)) return true;
  for (auto folder = file; folder.has_relative_path(); folder = folder.parent_path())
    if (named.contains(folder.string())) return true;
  return false;
}

}  // namespace

World::World() {
  fs::copy(first_world(), folder(), fs::copy_options::recursive);
  for (const auto* name : {"one", "two", "again", "exports"}) fs::create_directory(folder() / name);
}

Program World::start(const Words& words, const std::string& terminal,
                     const std::map<std::string, std::string>& more) const {
  const char* path = std::getenv("PATH");
  std::map<std::string, std::string> environment{
      {"RUNNER_TRUST_WORLD", folder()},
      {"PATH", (folder() / "bin").string() + ":" + (path ? path : "")}};
  environment.insert(more.begin(), more.end());
  return Program(folder() / terminal, words, environment);
}

std::vector<std::string> World::broken() const {
  std::vector<std::string> found;
  for (const auto* name : {".runner/experiments.db", "other/experiments.db", "old/experiments.db"})
    try {
      look_at(folder() / name, found);
    } catch (const std::exception& error) {
      found.push_back(fmt::format("{}: {}", name, error.what()));
    }
  return found;
}

std::vector<std::string> World::strays() const {
  const auto swept = run({"gc", "--yes", "--empty"});
  if (swept.code != 0) return {"gc: " + swept.err};
  const auto emptied = run({"gc", "--yes", "--empty"});
  if (emptied.code != 0) return {"gc: " + emptied.err};
  std::set<std::string> named;
  {
    Store store = Store::open(database());
    auto places = store.database().prepare(
        "SELECT folder FROM checkpoints UNION SELECT logs FROM runs WHERE logs IS NOT NULL"
        " UNION SELECT 'logs/' || id FROM runs");
    while (places.step())
      named.insert(
          place_of(database(), places.text(0)).lexically_relative(fs::absolute(folder())).string());
    auto jobs = store.database().prepare("SELECT id FROM runs");
    while (jobs.step()) named.insert(".runner/slurm/" + jobs.text(0) + ".sbatch");
  }
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder())) {
    if (!entry.is_regular_file()) continue;
    const auto file = entry.path().lexically_relative(folder());
    if (!belongs(file, named)) found.push_back(file.string());
  }
  return found;
}

Contents contents(const fs::path& database) {
  Contents found;
  Store store = Store::open(database);
  auto runs = store.database().prepare("SELECT id, name, status FROM runs");
  while (runs.step()) {
    auto points = store.database().prepare(
        "SELECT name, step, value FROM metrics WHERE run_id = ? AND name NOT LIKE 'system/%'"
        " ORDER BY 1, 2");
    points.with(runs.text(0));
    auto text = runs.text(2) + "\n" + digests(store, runs.text(0));
    while (points.step())
      text += fmt::format("{} {} {}\n", points.text(0), points.integer(1), points.real(2));
    found[runs.text(1)].insert(text);
  }
  return found;
}

std::string difference(const Contents& found, const Contents& wanted) {
  std::string lines;
  const auto tell = [&](const char* side, const Contents& here, const Contents& there) {
    for (const auto& [name, results] : here)
      for (const auto& result : results)
        if (const auto other = there.find(name);
            other == there.end() || !other->second.contains(result))
          lines += fmt::format("{} {}: {} ...\n", side, name, result.substr(0, 200));
  };
  tell("found", found, wanted);
  tell("wanted", wanted, found);
  return lines;
}

Contents World::everything() const {
  auto all = contents(database());
  for (auto& [name, results] : contents(old_database())) all[name] = std::move(results);
  for (const auto& entry : fs::recursive_directory_iterator(folder() / "exports")) {
    if (!entry.is_regular_file()) continue;
    const auto name = entry.path().lexically_relative(folder()).string();
    const auto bytes = read_file(entry.path());
    // MLflow's store has the folder's path in it, and protobuf's maps have any order.
    const bool varies = name.ends_with(".db") || name.find("tfevents") != name.npos;
    all[name].insert(varies ? fmt::format("{} bytes", name.ends_with(".db") ? 0 : bytes.size())
                            : fmt::format("{:x}", std::hash<std::string>{}(bytes)));
  }
  return all;
}

std::map<std::string, std::int64_t> committed_points(const fs::path& database) try {
  std::map<std::string, std::int64_t> found;
  const Database reader(database, Database::Open::read);
  auto counts = reader.prepare(
      "SELECT id, (SELECT count(*) FROM points JOIN series s ON s.id = series_id WHERE run_id ="
      " runs.id) + (SELECT count(*) FROM earlier_points WHERE run_id = runs.id) FROM runs");
  while (counts.step()) found[counts.text(0)] = counts.integer(1);
  return found;
} catch (const StoreError&) {
  return {};
}

}  // namespace runner
