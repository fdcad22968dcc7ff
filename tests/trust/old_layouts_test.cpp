#include "experiments/json.hpp"
#include "registry/datasets/digest.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/program/program.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>

using namespace runner;

namespace {

namespace fs = std::filesystem;

/// What each version could first hold.
constexpr std::array<const char*, 11> first_held = {
    "INSERT INTO documents (run_id, recipe, config, command) VALUES ('2q6cqh61vr', 'name: mnist',"
    " '{\"seed\":5}', 'runner run mnist.yaml');"
    "INSERT INTO config VALUES ('2q6cqh61vr', 'optimizer.lr', 0.5, 'default');"
    "INSERT INTO series (id, run_id, name, count, last_step, last_value, min_value, max_value)"
    " VALUES (1, '2q6cqh61vr', 'eval/loss', 2, 20, 0.25, 0.25, 0.5);"
    "INSERT INTO points VALUES (1, 10, 1, 0.5, 1700000001000), (1, 20, 2, 0.25, 1700000002000);"
    "UPDATE runs SET status = 'done', ended = 1700000003000",
    "UPDATE runs SET world_size = 2, launcher = 'self', logs = 'logs/2q6cqh61vr'",
    "INSERT INTO checkpoints VALUES ('2q6cqh61vr', 20, 2, "
    "'/elsewhere/checkpoints/2q6cqh61vr/step-20',"
    " '[]', 7, '{\"eval/loss\":0.25}', 1700000002000)",
    "INSERT INTO matrices VALUES ('2q6cqh61vr', 'eval/confusion_matrix', 20, 2, '[[3,1],[0,4]]',"
    " 1700000002000)",
    "INSERT INTO sweeps (id, name, identity, recipe, recipe_text, command, metric, mode, settings,"
    " wanted, started) VALUES ('2q6cqh61v0', 'sweep', 'x', 's.yaml', '', '', 'eval/loss', 'min',"
    " '{}', 1, 1700000000000);"
    "INSERT INTO trials (sweep_id, number, key, parameters, point, status, run_id, value) VALUES"
    " ('2q6cqh61v0', 1, 'k', '{\"optimizer.lr\":0.5}', '', 'done', '2q6cqh61vr', 0.25);"
    "UPDATE runs SET sweep = '2q6cqh61v0'",
    "INSERT INTO tags VALUES ('2q6cqh61vr', 'good'); UPDATE runs SET note = 'the first'",
    "INSERT INTO levels VALUES (1, 1, 10, 20, 2, 1700000002000, 2, 2, 0.75, 0.25, 0.5)",
    "UPDATE runs SET idle = 1000",
    "SELECT 1",
    "SELECT 1",
    "SELECT 1",
};

void make_database(const fs::path& file, std::size_t version) {
  make_old_database(file, version);
  const Database database(file, Database::Open::existing);
  for (std::size_t held = 0; held < version; ++held) database.execute(first_held[held]);
}

/// The file without some of its small values, as a program that did not know them has written it.
void forget_values(const fs::path& file, const std::vector<std::string>& names) {
  const auto text = read_file(file);
  std::uint64_t length = 0;
  std::memcpy(&length, text.data(), sizeof length);
  auto header = Json::parse(text.substr(sizeof length, length));
  auto values = Json::parse(header.at("__metadata__").at("values").get<std::string>());
  for (const auto& name : names) REQUIRE(values.erase(name) == 1);
  header["__metadata__"]["values"] = values.dump();
  auto written = header.dump();
  written.append((8 - written.size() % 8) % 8, ' ');
  const auto tensors = text.substr(sizeof length + length);
  length = written.size();
  std::string beginning(sizeof length, '\0');
  std::memcpy(beginning.data(), &length, sizeof length);
  std::ofstream(file, std::ios::binary) << beginning << written << tensors;
}

fs::path database_of(const TemporaryDirectory& folder) {
  return folder.path() / ".runner/experiments.db";
}

/// Of a checkpoint whose file was changed, the database has to know what is in it now.
void note_change(const Database& database, const fs::path& file) {
  const auto text = read_file(file);
  auto row = database.prepare("SELECT files FROM checkpoints");
  REQUIRE(row.step());
  auto files = Json::parse(row.text(0));
  while (row.step()) {
  }
  for (auto& each : files)
    if (each.at("name") == file.filename().string()) {
      each["sha256"] = sha256(text);
      each["bytes"] = text.size();
    }
  database.prepare("UPDATE checkpoints SET files = ?").with(files.dump()).run();
}

/// Trains 20 steps, has the checkpoint forget the values, goes on to 40, and gives the digest of
/// the weights then.
std::string weights_after_resume(const std::vector<std::string>& forgotten) {
  const TemporaryDirectory folder;
  REQUIRE(run(folder.path(),
              {"run", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml",
               "topology={name: single, device: cpu, threads: 1}",
               "train={batch_size: 50, max_steps: 20}", "save={every: 20 steps, keep_last: 1}"})
              .code == 0);
  {
    const Database database(database_of(folder), Database::Open::existing);
    auto row = database.prepare("SELECT folder FROM checkpoints");
    REQUIRE(row.step());
    const auto file = folder.path() / ".runner" / row.text(0) / "training.safetensors";
    while (row.step()) {
    }
    forget_values(file, forgotten);
    note_change(database, file);
  }
  const auto resumed = run(folder.path(), {"resume", "last", "train.max_steps=40"});
  CHECK(resumed.code == 0);
  CHECK(resumed.err == "");
  const auto shown = shown_run(folder);
  CHECK(shown.at("status") == "done");
  const Database database(database_of(folder), Database::Open::existing);
  auto row = database.prepare(
      "SELECT json_extract(f.value, '$.sha256') FROM checkpoints, json_each(files) f"
      " WHERE step = 40 AND json_extract(f.value, '$.name') = 'model.safetensors'");
  REQUIRE(row.step());
  return row.text(0);
}

}  // namespace

TEST_CASE("a database of every version so far opens and keeps its data") {
  REQUIRE(schema_steps().size() == first_held.size());  // a new version belongs here
  for (std::size_t version = 1; version <= first_held.size(); ++version) {
    CAPTURE(version);
    const TemporaryDirectory folder;
    make_database(database_of(folder), version);
    const auto shown = shown_run(folder);
    CHECK(shown.at("id") == "2q6cqh61vr");
    CHECK(shown.at("status") == "done");
    CHECK(last_run(folder, "optimizer.lr").at("optimizer.lr") == 0.5);
    CHECK(last_run(folder, "eval/loss").at("eval/loss") == 0.25);
    const auto points = run(folder.path(), {"export", "last", "--to", "-", "--format", "csv"});
    CHECK(points.out ==
          "run_id,run_name,metric,step,epoch,value,time\n"
          "2q6cqh61vr,mnist,eval/loss,10,1,0.5,1700000001000\n"
          "2q6cqh61vr,mnist,eval/loss,20,2,0.25,1700000002000\n");
    if (version >= 2) CHECK(last_run(folder, "world_size").at("world_size") == 2);
    if (version >= 5) CHECK(last_run(folder, "sweep").at("sweep") == "2q6cqh61v0");
    if (version >= 6) CHECK(last_run(folder, "note").at("note") == "the first");
    const Database database(database_of(folder), Database::Open::existing);
    CHECK(database.integer("PRAGMA user_version") == std::ssize(first_held));
    if (version >= 3) CHECK(database.integer("SELECT step FROM checkpoints") == 20);
    if (version >= 4) CHECK(database.integer("SELECT count(*) FROM matrices") == 1);
    if (version >= 5) CHECK(database.integer("SELECT count(*) FROM trials") == 1);
    if (version >= 6) CHECK(database.integer("SELECT count(*) FROM tags") == 1);
  }
}

TEST_CASE("a run goes on from a checkpoint of every layout so far, to the same bits") {
  const auto todays = weights_after_resume({});
  // Before resumed runs were counted anew, and before the best was remembered.
  const std::vector<std::string> counting{"batch_size", "origin.step", "origin.epoch",
                                          "origin.samples"};
  CHECK(weights_after_resume({"best", "best_step"}) == todays);
  auto first = counting;
  first.insert(first.end(), {"best", "best_step"});
  CHECK(weights_after_resume(counting) == todays);
  // Before dropout's masks were of paths; there is no dropout here.
  CHECK(weights_after_resume({"random_scheme", "masks_since"}) == todays);
  CHECK(weights_after_resume(first) == todays);
}
