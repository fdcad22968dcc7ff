// What the queue of a sweep costs for each trial, with 10,000 cells: taking one and giving it back
// as done, in one process, on a database in a folder of its own. Nothing is trained.
#include "runner/sweep/trial_queue.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <stdlib.h>

namespace fs = std::filesystem;
using namespace runner;

namespace {

constexpr int learning_rates = 100, seeds = 100;

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

std::string recipe() {
  std::string text =
      "name: queue\nmodel: mlp\ndataset: synthetic\nloss: cross_entropy\noptimizer: sgd\n"
      "train: {batch_size: 64, epochs: 1}\nmatrix:\n  seed: {range: [1, " +
      std::to_string(seeds) + "]}\n  optimizer.lr: [";
  for (int i = 1; i <= learning_rates; ++i) text += fmt::format("{}0.{:03}", i > 1 ? ", " : "", i);
  return text + "]\n";
}

void measure(const fs::path& folder) {
  std::ofstream(folder / "queue.yaml") << recipe();
  auto start = Clock::now();
  const auto sweep = std::get<SweepRecipe>(read_run_or_sweep(folder / "queue.yaml", {}));
  const double read = milliseconds(start);
  start = Clock::now();
  TrialQueue queue(folder / "queue.db", sweep, "bench", [](const Recipe&) { return "data"; });
  const double begun = milliseconds(start);
  constexpr int all = learning_rates * seeds, part = 1000;
  double first = 0, last = 0;
  start = Clock::now();
  for (int i = 0; i < all; ++i) {
    if (i == all - part) start = Clock::now();
    queue.leave(queue.next().value(), Leaving::done);
    if (i == part - 1) first = milliseconds(start) / part;
  }
  last = milliseconds(start) / part;
  fmt::print(
      "\nthe queue with {} cells: {:.0f} ms to read and check the recipe, {:.0f} ms to put them "
      "into "
      "the store;\na trial taken and given back: {:.2f} ms (mean of the first {}), {:.2f} ms (of "
      "the "
      "last)\n",
      all, read, begun, first, part, last);
}

}  // namespace

int main() {
  std::string folder = (fs::temp_directory_path() / "bench-queue-XXXXXX").string();
  if (!mkdtemp(folder.data())) return 1;
  measure(folder);
  fs::remove_all(folder);
}
