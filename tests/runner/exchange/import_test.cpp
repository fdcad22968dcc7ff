#include "experiments/annotations.hpp"
#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/text.hpp"
#include "runner/exchange/event_file.hpp"
#include "runner/exchange/import_folders.hpp"
#include "runner/exchange/lightning.hpp"
#include "runner/exchange/tensorboard_export.hpp"
#include "tests/runner/exchange/recorded.hpp"

#include <csignal>
#include <cstring>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

namespace {

constexpr const char* metrics_csv =
    "epoch,step,train_loss,val_acc,val_loss\n"
    "0,49,0.02,,\n0,99,0.01,,\n1,149,0.005,,\n0,99,,0.9,0.4\n1,199,,0.91,nan\n";
constexpr const char* hparams_yaml =
    "flag: true\nlr: 1e-3\nname: 'no'\nmodel:\n  hidden:\n  - 64\n  - 32\npair: !!python/tuple\n- "
    "1\n- 2\n";

struct Logs {
  TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  std::filesystem::path version = folder.path() / "mnist" / "version_0";

  Logs() {
    write_text(version / "metrics.csv", metrics_csv);
    write_text(version / "hparams.yaml", hparams_yaml);
  }

  ImportedRun import() {
    const auto folders = find_run_folders({folder.path() / "mnist"});
    REQUIRE(folders.size() == 1);
    return record(store, read_run_folder(folders.front()), "runner import mnist");
  }

  std::string points(const std::string& id) {
    auto row = store.database().prepare(
        "SELECT name, step, epoch, value FROM metrics WHERE run_id = ? ORDER BY name, step");
    row.with(id);
    std::string out;
    while (row.step())
      out += fmt::format("{} {} {} {}\n", row.text(0), row.integer(1), row.real(2), row.real(3));
    return out;
  }
};

std::vector<SeriesPoint> points_of(const Imported& run) {
  std::vector<SeriesPoint> points;
  run.for_each_point([&](const SeriesPoint& point) { points.push_back(point); });
  return points;
}

std::string values_of(const Imported& run) {
  std::string all;
  for (const auto& point : points_of(run))
    all += fmt::format("{}{} {} {}", all.empty() ? "" : ", ", run.metrics[point.series], point.step,
                       point.value);
  return all;
}

// Fields of protobuf messages shorter than 128 bytes, by the numbers in TensorFlow's event.proto.
std::string bytes_field(char number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}

std::string point(const std::string& tag, char step, float value) {
  std::string simple_value(5, '\x15');
  std::memcpy(simple_value.data() + 1, &value, sizeof value);
  return frame(std::string{'\x10', step} +
               bytes_field(5, bytes_field(1, bytes_field(1, tag) + simple_value)));
}

std::string session_start(char step) {
  return frame(std::string{'\x10', step} + bytes_field(7, "\x08\x01"));
}

}  // namespace

TEST_CASE("what Lightning has logged becomes a run, whose epochs are counted when they are done") {
  Logs logs;
  const auto [id, outcome, metrics, points, replaced] = logs.import();
  CHECK(outcome == ImportOutcome::came);
  CHECK(metrics == 3);
  CHECK(points == 7);
  CHECK(replaced == 0);
  CHECK(logs.points(id) ==
        "train_loss 49 0.5 0.02\ntrain_loss 99 1 0.01\ntrain_loss 149 1.5 0.005\n"
        "val_acc 99 1 0.9\nval_acc 199 2 0.91\nval_loss 99 1 0.4\nval_loss 199 2 nan\n");
  const auto run = read_run(logs.store.database(), id);
  CHECK(run.run.name == "mnist/version_0");
  CHECK(run.status == "done");
  CHECK(run.run.recipe_text == hparams_yaml);
  std::string config;
  for (const auto& [path, value, origin] : run.run.settings) config += path + " ";
  CHECK(config == "flag lr model.hidden name pair ");
  CHECK(std::get<double>(run.run.settings[1].value) == 0.001);
  CHECK(std::get<std::string>(run.run.settings[2].value) == "[64,32]");
  CHECK(std::get<std::string>(run.run.settings[3].value) == "no");
  CHECK(run.run.settings[0].origin == "hparams.yaml");
}

TEST_CASE("importing the same folder again adds nothing; one that has grown replaces its run") {
  Logs logs;
  const auto first = logs.import();
  add_tag(logs.store.database(), first.id, "good");
  const auto again = logs.import();
  CHECK(again.id == first.id);
  CHECK(again.outcome == ImportOutcome::there);
  write_text(logs.version / "metrics.csv", std::string(metrics_csv) + "2,299,,0.92,0.3\n");
  const auto grown = logs.import();
  CHECK(grown.id == first.id);
  CHECK(grown.outcome == ImportOutcome::updated);
  CHECK(logs.points(first.id).find("val_loss 299 3 0.3\n") != std::string::npos);
  CHECK(logs.store.database().integer("SELECT count(*) FROM runs") == 1);
  CHECK(read_annotations(logs.store.database(), first.id).tags.size() == 1);
}

TEST_CASE("a file that is written anew while it is read is refused, and no run is left") {
  Logs logs;
  const auto run = read_run_folder(find_run_folders({logs.version}).front());
  write_text(logs.version / "metrics.csv", std::string(metrics_csv).replace(26, 1, "9"));
  CHECK(error_of<UserError>([&] { record(logs.store, run, "runner import"); }) ==
        (std::filesystem::canonical(logs.version) / "metrics.csv").string() +
            " was written to while it was read: import it again");
  CHECK(logs.store.database().integer("SELECT count(*) FROM runs") == 0);
}

TEST_CASE("a file that only grows while it is read is imported as it was") {
  Logs logs;
  const auto run = read_run_folder(find_run_folders({logs.version}).front());
  write_text(logs.version / "metrics.csv", std::string(metrics_csv) + "2,299,,0.92,0.3\n");
  CHECK(record(logs.store, run, "runner import").points == 7);
  CHECK(logs.import().points == 9);
}

TEST_CASE("an import that is killed leaves no run behind, however far it was") {
  Logs logs;
  const auto run = read_run_folder(find_run_folders({logs.version}).front());
  const auto killed = start_child([&] {
    auto store = Store::open(logs.folder.database());
    auto dying = run;
    dying.for_each_point = [&](const Imported::UsePoint& use) {
      run.for_each_point(use);
      kill(getpid(), SIGKILL);
    };
    record(store, dying, "runner import");
    return 0;
  });
  CHECK(exit_code(killed) == -SIGKILL);
  CHECK(Store::open(logs.folder.database()).database().integer("SELECT count(*) FROM runs") == 0);
  CHECK(logs.import().outcome == ImportOutcome::came);
}

TEST_CASE("a CSV that is not Lightning's is refused, with its line") {
  Logs logs;
  const auto file = (logs.version / "metrics.csv").string();
  const auto error = [&](const char* text) {
    write_text(file, text);
    return error_of<UserError>([&] { read_lightning(logs.version); });
  };
  CHECK(error("a,b\n1,2\n") ==
        file + " has no column 'step'; expected what Lightning's CSVLogger writes");
  CHECK(error("step,loss\nmany,0.5\n") == file + ", row 2: 'many' is no step");
  CHECK(error("step,loss\n1,1\nnan,0.5\n") == file + ", row 3: 'nan' is no step");
  CHECK(error("step,loss\n1e300,0.5\n") == file + ", row 2: '1e300' is no step");
  CHECK(error("step,loss\n1.5,0.5\n") == file + ", row 2: '1.5' is no step");
  CHECK(error("step,loss\n,0.5\n") == file + ", row 2: there is no step");
}

TEST_CASE("cells that are no numbers are left out one by one, with a word") {
  Logs logs;
  const auto file = (logs.version / "metrics.csv").string();
  // Spreadsheets begin a file with a mark.
  write_text(file,
             "\xef\xbb\xbfstep,epoch,phase,loss\n1,nan,warm,0.5\n2.0,0,hot,+1.5\n3,0,,1_000\n"
             "4,0,,\" -inf \"\n5,0,,+-1\n");
  const auto run = read_lightning(logs.version);
  CHECK(values_of(run) == "loss 1 0.5, loss 2 1.5, loss 4 -inf");
  CHECK(run.warnings == std::vector<std::string>{
                            file + ", column 'phase': 2 cells are no numbers, and are left out; "
                                   "the first is 'warm' in row 2",
                            file + ", column 'loss': 2 cells are no numbers, and are left out; "
                                   "the first is '1_000' in row 4"});
  write_text(file, "step,loss\n1,low\n");
  CHECK(read_lightning(logs.version).warnings ==
        std::vector<std::string>{file +
                                 ", column 'loss': 'low' in row 2 is no number, and is left out"});
}

TEST_CASE("a header that is written again names the columns of what follows") {
  Logs logs;
  const auto file = (logs.version / "metrics.csv").string();
  write_text(file,
             "epoch,step,loss\n0,0,1.0\nepoch,step,loss\n0,1,0.9\nstep,acc,loss\n2,0.5,0.8\n");
  const auto run = read_lightning(logs.version);
  CHECK(values_of(run) == "loss 0 1, loss 1 0.9, acc 2 0.5, loss 2 0.8");
  CHECK(run.warnings.empty());
}

TEST_CASE("cells beyond the header are left out, with a word") {
  Logs logs;
  const auto file = (logs.version / "metrics.csv").string();
  write_text(file, "step,loss\n0,1.0\n1,,0.55\n2,0.8,\n3,,0.45\n");
  const auto run = read_lightning(logs.version);
  CHECK(values_of(run) == "loss 0 1, loss 2 0.8");
  CHECK(run.warnings ==
        std::vector<std::string>{
            file +
            ", row 3: more cells than the header has; what has no column is left out, in 2 rows"});
}

TEST_CASE("of equal columns each is a metric, and points that share a step are told of") {
  Logs logs;
  const auto folder = std::filesystem::canonical(logs.version).string();
  write_text(logs.version / "metrics.csv",
             "epoch,step,loss,loss,loss.1\n0,0,1,10,100\n0,1,2,20,200\n0,1,3,,\n");
  const auto run = read_run_folder(find_run_folders({logs.version}).front());
  CHECK(run.metrics == std::vector<std::string>{"loss", "loss.2", "loss.1"});
  CHECK(run.warnings == std::vector<std::string>{
                            folder + " has several metrics called 'loss'; one is 'loss.2' here"});
  const auto imported = record(logs.store, run, "runner import");
  CHECK(imported.replaced == 1);
  const auto id = imported.id;
  CHECK(logs.points(id) ==
        "loss 0 0.5 1\nloss 1 1 3\nloss.1 0 0.5 100\nloss.1 1 1 200\nloss.2 0 0.5 10\n"
        "loss.2 1 1 20\n");
}

TEST_CASE("what a run gave up when it was resumed is left out") {
  Logs logs;
  const auto file = (logs.version / "metrics.csv").string();
  write_text(file,
             "epoch,step,val_loss,lr\n0,10,1.0,\n1,20,0.9,0.1\n2,30,0.2,0.1\n1,15,0.95,\n"
             "2,25,0.85,\n");
  const auto run = read_lightning(logs.version);
  CHECK(values_of(run) == "val_loss 10 1, val_loss 15 0.95, val_loss 25 0.85");
  CHECK(run.warnings == std::vector<std::string>{
                            file + ", row 5: step 15 comes after step 30: the run went on from an "
                                   "earlier step; 4 points that it gave up are left out"});
}

TEST_CASE("runs are called by their paths from the folder that was named, as in TensorBoard") {
  TemporaryFolder folder;
  const auto logs = folder.path() / "logs";
  for (const auto* run : {"lr_0.1/train", "lr_0.1/validation", "lr_0.01/train"})
    write_text(logs / run / "events.out.tfevents.1", "");
  const auto names = [](const std::vector<std::filesystem::path>& paths) {
    std::string all;
    for (const auto& found : find_run_folders(paths)) all += found.name + " ";
    return all;
  };
  CHECK(names({logs}) == "lr_0.01/train lr_0.1/train lr_0.1/validation ");
  CHECK(names({logs / "lr_0.01", logs / "lr_0.1"}) ==
        "lr_0.01/train lr_0.1/train lr_0.1/validation ");
  CHECK(names({logs / "lr_0.1"}) == "train validation ");
  CHECK(names({logs / "lr_0.1/train"}) == "train ");
  write_text(logs / "events.out.tfevents.1", "");
  CHECK(names({logs}) == "logs logs/lr_0.01/train logs/lr_0.1/train logs/lr_0.1/validation ");
  for (const auto* run : {"version_0", "version_1"})
    write_text(logs / "csv" / run / "metrics.csv", "");
  CHECK(names({logs / "csv"}) == "csv/version_0 csv/version_1 ");
  CHECK(names({logs / "csv/version_1/metrics.csv"}) == "csv/version_1 ");
}

TEST_CASE("what a run gave up before TensorBoard's START of a session is left out") {
  TemporaryFolder folder;
  write_text(folder.path() / "events.out.tfevents.1",
             point("loss", 0, 1) + point("loss", 50, 2) + point("loss", 60, 3));
  write_text(folder.path() / "events.out.tfevents.2", session_start(55) + point("loss", 55, 4));
  const auto run = read_run_folder(find_run_folders({folder.path()}).front());
  CHECK(values_of(run) == "loss 0 1, loss 50 2, loss 55 4");
  CHECK(run.warnings.empty());
}

TEST_CASE("points of TensorBoard's without a step are numbered, with a word") {
  TemporaryFolder folder;
  write_text(folder.path() / "events.out.tfevents.1", point("loss", 0, 1) + point("acc", 0, 2) +
                                                          point("loss", 0, 3) + point("lr", 1, 5) +
                                                          point("lr", 1, 6));
  const auto run = read_run_folder(find_run_folders({folder.path()}).front());
  CHECK(values_of(run) == "loss 0 1, acc 0 2, loss 1 3, lr 1 5, lr 1 6");
  const auto path = std::filesystem::canonical(folder.path()).string();
  CHECK(run.warnings ==
        std::vector<std::string>{path +
                                 ": 'loss' has 2 points without a step; they are numbered from 0"});
  auto store = Store::create_or_open(folder.database());
  CHECK(record(store, run, "runner import").replaced == 1);
}

TEST_CASE("of values with the same path the last is kept, and what is no UTF-8 is replaced") {
  Logs logs;
  write_text(logs.version / "hparams.yaml",
             "a.b: 1\na:\n  b: 2\nwho: \"caf\xe9\"\nlines: \"one\\ntwo\"\n");
  write_text(logs.version / "metrics.csv", "step,lo\xe9ss\n1,0.5\n1,0.25\n");
  const auto imported = logs.import();
  CHECK(imported.points == 1);
  CHECK(imported.metrics == 1);
  const auto run = read_run(logs.store.database(), imported.id);
  std::string config;
  for (const auto& [path, value, origin] : run.run.settings)
    config += path + "=" + (path == "a.b" ? "" : std::get<std::string>(value)) + " ";
  CHECK(config == "a.b= lines=one\ntwo who=caf\uFFFD ");
  CHECK(std::get<std::int64_t>(run.run.settings[0].value) == 2);
  CHECK(run.metrics.at(0).metric == "lo\uFFFDss");
  CHECK_FALSE(bad_utf8_at(run.run.config));
}

TEST_CASE("a folder that several import at once becomes one run") {
  Logs logs;
  const auto codes = exit_codes_of(4, [&] {
    auto store = Store::open(logs.folder.database());
    record(store, read_run_folder(find_run_folders({logs.version}).front()), "runner import");
    return 0;
  });
  CHECK(codes == std::vector<int>(4, 0));
  CHECK(logs.store.database().integer("SELECT count(*) FROM runs") == 1);
  CHECK(logs.store.database().integer("SELECT count(*) FROM points") == 7);
}

TEST_CASE("a place with nothing to import says what was expected") {
  TemporaryFolder folder;
  const auto path = folder.path().string();
  CHECK(error_of<UserError>([&] { find_run_folders({path}); }) ==
        path +
            " has nothing to import; expected Lightning's metrics.csv, or files of TensorBoard "
            "with 'tfevents' in their names");
  CHECK(error_of<UserError>([&] { find_run_folders({path + "/none"}); }) ==
        "there is no " + path + "/none");
}

TEST_CASE(
    "a run goes into an event file and comes back; one that was cut off is read until there") {
  Recorded runs;
  const auto folder = runs.folder.path() / "events";
  write_tensorboard(runs.store.database(), runs.a, {}, folder);
  auto imported = read_run_folder(find_run_folders({folder}).at(0));
  CHECK(imported.metrics == std::vector<std::string>{"eval/loss", "train/loss"});
  const auto points = points_of(imported);
  REQUIRE(points.size() == 3);
  CHECK(points[1].step == 1);
  CHECK(points[1].value == 0.25);
  CHECK(points[1].time == 1700000000100);

  const auto file = std::filesystem::directory_iterator(folder)->path();
  const auto whole = text_of(file);
  write_text(file, whole.substr(0, whole.size() - 70));
  CHECK(read_run_folder(find_run_folders({folder}).at(0)).metrics.size() >= 1);
  write_text(file, "");
  CHECK(read_run_folder(find_run_folders({folder}).at(0)).metrics.empty());
}

TEST_CASE("an event file that is damaged is refused, with the place") {
  TemporaryFolder folder;
  auto bytes = frame("first") + frame("second");
  bytes[frame("first").size() + 13] = 'x';
  const auto file = write_text(folder.path() / "events.out.tfevents.1", bytes);
  int count = 0;
  CHECK(error_of<UserError>([&] { for_each_frame(file, [&](auto) { ++count; }); }) ==
        file.string() + " is no event file of TensorBoard, or is damaged at byte 33");
  CHECK(count == 1);
}

TEST_CASE("a frame is that of TensorFlow's records") {
  // Of the message "abc": its length 3, the masked CRC-32C of that, the message, and its own.
  const auto bytes = frame("abc");
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  CHECK(text == "0300000000000000b099490e6162636e57f121");
}
