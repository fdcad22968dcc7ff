// Figures of the store: points per second in, cost of one record() call, bytes per point, and the
// time of `runner list` over 10,000 runs with 10 metrics of 100 points. `bench-store FILE [POINTS]`
// makes the database when it is missing and keeps it for the next time.
#include "experiments/store.hpp"

#include "experiments/listing.hpp"
#include "experiments/recorder.hpp"
#include "experiments/writer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace fs = std::filesystem;
using namespace runner;

namespace {

constexpr int runs = 10'000;
const std::vector<std::string> metrics = {
    "train/loss",    "train/lr",  "train/it_per_s", "train/grad_norm", "eval/loss",
    "eval/accuracy", "eval/top5", "memory/used",    "gpu/power",       "gpu/use"};

double seconds(auto&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

void remove_database(const fs::path& file) {
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(file.string() + suffix);
}

Run example_run(int number) {
  Run run;
  run.name = fmt::format("mnist-{}", number % 100);
  run.recipe_path = "recipes/mnist.yaml";
  run.recipe_text = std::string(800, '#');
  run.config = fmt::format(R"({{"seed":{}}})", number) + std::string(2000, ' ');
  run.command = "runner run recipes/mnist.yaml";
  run.device = "cpu";
  run.seed = number;
  run.settings = {{"model.name", number % 3 ? "mnist_cnn" : "mlp", "recipes/mnist.yaml:4"},
                  {"optimizer.name", "adadelta", "recipes/mnist.yaml:7"},
                  {"optimizer.lr", 0.01 * (number % 200), "override"},
                  {"seed", static_cast<std::int64_t>(number), "override"}};
  for (int i = static_cast<int>(run.settings.size()); i < 40; ++i) {
    run.settings.push_back({fmt::format("train.option_{}", i), i * 0.5, "default"});
  }
  return run;
}

std::vector<SeriesPoint> example_points(int number, int points_per_metric, std::int64_t start) {
  std::vector<SeriesPoint> points;
  for (std::uint32_t metric = 0; metric < metrics.size(); ++metric) {
    for (std::int64_t i = 1; i <= points_per_metric; ++i) {
      const double value =
          0.9 + 0.1 * std::sin(number * 0.37 + static_cast<double>(i) * 0.01 + metric);
      points.push_back({metric, i * 50, static_cast<double>(i) / 10, value, start + i * 1000});
    }
  }
  return points;
}

void fill(const fs::path& file, int points_per_metric) {
  Store store = Store::create_or_open(file);
  for (int number = 0; number < runs; ++number) {
    const std::string id = store.begin(example_run(number));
    auto points = example_points(number, points_per_metric, now_ms());
    Transaction transaction(store.database());
    Writer writer(store.database(), id);
    for (const auto& metric : metrics) writer.add_series(metric);
    writer.write(points);
    writer.end(Status::done, "", now_ms() + 100'000);
    transaction.commit();
  }
}

void record_steps(Recorder& recorder, std::int64_t from, std::int64_t to) {
  const std::int64_t time = now_ms();
  for (std::int64_t step = from; step < to; ++step) {
    for (const auto& metric : metrics)
      recorder.record(metric, step, static_cast<double>(step) / 937,
                      1.0 / static_cast<double>(step), time);
  }
}

void measure_ingest(const fs::path& file) {
  remove_database(file);
  Store store = Store::create_or_open(file);
  Recorder recorder(file, store.begin(example_run(0)));
  std::int64_t step = 1;
  std::vector<double> bursts;
  for (; bursts.size() < 21; step += 1'000) {
    recorder.flush();
    bursts.push_back(seconds([&] { record_steps(recorder, step, step + 1'000); }));
  }
  fmt::print("record(): {:.0f} ns a call\n", median(bursts) * 1e9 / 10'000);

  constexpr std::int64_t last = 1'000'000;
  const double sustained = seconds([&] {
    record_steps(recorder, step, last + 1);
    recorder.flush();
  });
  fmt::print("ingest: {:.0f} points/s through the Recorder, on disk at the end\n",
             static_cast<double>(last + 1 - step) * 10 / sustained);
  recorder.finish(Status::done);
  store.database().execute("PRAGMA wal_checkpoint(TRUNCATE)");
  fmt::print("size: {:.1f} bytes a point\n",
             static_cast<double>(fs::file_size(file)) / (last * 10));
}

void measure_list(const fs::path& file) {
  const auto time = [&](const std::string& title, const ListRequest& request) {
    std::vector<double> times(21);
    std::ranges::generate(times, [&] {
      return seconds([&] {
        Store store = Store::open(file);
        list_runs(store.database(), request);
      });
    });
    fmt::print("{}: {:.1f} ms\n", title, median(times) * 1e3);
  };
  const std::vector<std::string> columns = {"id",        "name",  "status",        "started",
                                            "duration",  "model", "eval/accuracy", "eval/loss",
                                            "train/loss"};
  time("list", {.columns = columns});
  time("list --where 'eval/accuracy > 0.99' --sort -eval/accuracy",
       {.where = "eval/accuracy > 0.99", .sort = "-eval/accuracy", .columns = columns});
  time("list --where 'optimizer.lr >= 1 and eval/accuracy > 0.9' --sort eval/loss",
       {.where = "optimizer.lr >= 1 and eval/accuracy > 0.9",
        .sort = "eval/loss",
        .columns = columns});
  time("list --limit 0", {.columns = columns, .limit = 0});
}

}  // namespace

int main(int argc, char** argv) {
  const fs::path file = argc > 1 ? argv[1] : "/tmp/runner-bench/experiments.db";
  const int points = argc > 2 ? std::stoi(argv[2]) : 100;
  if (!fs::exists(file)) {
    fmt::print("making {}: {:.1f} s\n", file.string(), seconds([&] { fill(file, points); }));
  }
  measure_ingest(file.string() + ".ingest");
  measure_list(file);
}
