#include "experiments/error.hpp"
#include "runner/exchange/format.hpp"
#include "runner/exchange/text_tables.hpp"
#include "tests/runner/exchange/recorded.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

using Shape = PointTable::Shape;

std::string csv(Recorded& runs, Shape shape, const std::vector<std::string>& metrics = {}) {
  const auto file = runs.folder.path() / "points.csv";
  Output output(file);
  write_csv(PointTable(runs.store.database(), {runs.a, runs.b}, metrics, shape), output);
  CHECK_FALSE(std::filesystem::exists(file));
  output.commit();
  return text_of(file);
}

}  // namespace

TEST_CASE("a long table has a row for each point of each metric") {
  Recorded runs;
  CHECK(csv(runs, Shape::longer) ==
        "run_id,run_name,metric,step,epoch,value,time\n" + runs.a +
            ",\"a, the first\",eval/loss,2,1,0.1,1700000000300\n" + runs.a +
            ",\"a, the first\",train/loss,1,0.5,0.25,1700000000100\n" + runs.a +
            ",\"a, the first\",train/loss,2,1,0.125,1700000000200\n" + runs.b +
            ",b,eval/loss,2,,NaN,1700000000400\n");
}

TEST_CASE("a wide table has a row for each step, with the latest of its times") {
  Recorded runs;
  CHECK(csv(runs, Shape::wide) == "run_id,run_name,step,epoch,time,eval/loss,train/loss\n" +
                                      runs.a + ",\"a, the first\",1,0.5,1700000000100,,0.25\n" +
                                      runs.a + ",\"a, the first\",2,1,1700000000300,0.1,0.125\n" +
                                      runs.b + ",b,2,,1700000000400,NaN,\n");
}

TEST_CASE("metrics called as a wide table's own columns have columns of other names") {
  TemporaryFolder folder;
  auto store = Store::create_or_open(folder.database());
  const auto id = store.begin(example_run("a"));
  Recorder recorder(folder.database(), id);
  for (const auto* metric : {"step", "metric/step", "epoch", "time", "loss"})
    recorder.record(metric, 3, 1, 0.5, 1700000000100);
  recorder.finish(Status::done);
  const PointTable table(store.database(), {id}, {}, Shape::wide);
  std::string names;
  for (const auto& column : table.columns()) names += column.name + " ";
  CHECK(names ==
        "run_id run_name step epoch time metric/epoch loss metric/step metric/metric/step "
        "metric/time ");
  const auto file = folder.path() / "points.jsonl";
  Output output(file);
  write_json_lines(table, output);
  output.commit();
  CHECK(text_of(file) == R"({"run_id":")" + id +
                             R"(","run_name":"a","step":3,"epoch":1.0,"time":1700000000100,)"
                             R"("metric/epoch":0.5,"loss":0.5,"metric/step":0.5,)"
                             R"("metric/metric/step":0.5,"metric/time":0.5})"
                             "\n");
}

TEST_CASE("metrics are chosen by their names or by patterns, and a misspelt one is answered") {
  Recorded runs;
  CHECK(csv(runs, Shape::wide, {"eval/*"})
            .starts_with("run_id,run_name,step,epoch,time,eval/loss\n"));
  CHECK(error_of<UserError>([&] { csv(runs, Shape::longer, {"train/los"}); }) ==
        "none of the runs has a metric 'train/los'; did you mean 'train/loss'?");
  CHECK(error_of<UserError>([&] {
          PointTable(runs.store.database(), {runs.b}, {"other"}, Shape::wide);
        }) == "the run has no metric 'other'; expected one of eval/loss");
}

TEST_CASE("JSON Lines have an object for each row, without what is missing") {
  Recorded runs;
  const auto file = runs.folder.path() / "points.jsonl";
  Output output(file);
  const PointTable table(runs.store.database(), {runs.b}, {}, Shape::longer);
  CHECK(write_json_lines(table, output) == 1);
  output.commit();
  CHECK(text_of(file) == R"({"run_id":")" + runs.b +
                             R"(","run_name":"b","metric":"eval/loss","step":2,"value":"NaN",)"
                             R"("time":1700000000400})"
                             "\n");
}

TEST_CASE("a file's ending says its format, or else its name does") {
  CHECK(export_format("", "a/points.csv") == ExportFormat::csv);
  CHECK(export_format("", "model.safetensors") == ExportFormat::weights);
  CHECK(export_format("tensorboard", "runs") == ExportFormat::tensorboard);
  CHECK(export_format("jsonl", "-") == ExportFormat::json_lines);
  CHECK(error_of<UserError>([] { export_format("", "points.txt"); }) ==
        "'points.txt' does not say in which format: expected .csv, .jsonl, .parquet, .db (MLflow) "
        "or .safetensors at its end, or --format, which also knows tensorboard");
  CHECK(error_of<UserError>([] { export_format("parqet", "points"); }) ==
        "there is no format 'parqet'; did you mean 'parquet'?");
}

TEST_CASE("an export that cannot be written says so") {
  CHECK(error_of<StoreError>([] { Output("/nowhere/points.csv"); }) ==
        "cannot write /nowhere/points.csv: No such file or directory");
}
