#include "runner/commands/plot_confusion.hpp"

#include "experiments/details.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "runner/terminal/confusion_chart.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/screen.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

void print_json(const std::string& run_id, const CountMatrix& matrix) {
  const nlohmann::ordered_json out{{"run", run_id},
                                   {"name", matrix.name},
                                   {"step", matrix.step},
                                   {"epoch", matrix.epoch},
                                   {"counts", matrix.counts}};
  fmt::print("{}\n", dumped(out));
}

std::string title(const std::string& run, const CountMatrix& matrix) {
  std::int64_t samples = 0, right = 0;
  for (std::size_t i = 0; i < matrix.counts.size(); ++i) {
    for (const auto count : matrix.counts[i]) samples += count;
    right += matrix.counts[i][i];
  }
  return fmt::format("{}: {} of step {}, epoch {:.4g}: {} of {} right\n", run, matrix.name,
                     with_commas(matrix.step), matrix.epoch, with_commas(right),
                     with_commas(samples));
}

}  // namespace

int plot_confusion(const ConfusionOptions& options) {
  Store store = Store::open(find_database(options.database));
  const auto& database = store.database();
  const auto id = find_run(database, options.run);
  const auto matrix = read_matrix(database, id, "eval/confusion_matrix", options.step);
  if (options.json) {
    print_json(id, matrix);
    return 0;
  }
  const bool coloured = takes_colours(stdout);
  fmt::print("{}Rows are true classes, columns found ones.\n\n{}",
             title(fmt::format("{} ({})", id, read_run(database, id).run.name), matrix),
             confusion_chart(matrix.counts, drawing_width(stdout), coloured));
  return 0;
}

}  // namespace runner
