#include "runner/commands/batch_find.hpp"

#include "experiments/json.hpp"
#include "registry/datasets/datasets.hpp"
#include "registry/description.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/tryout.hpp"
#include "runner/launch/host_memory.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct BatchFindOptions {
  std::string recipe;
  std::vector<std::string> overrides;
  std::int64_t from = 8;
  std::int64_t to = 65536;
  int steps = 20;
  bool json = false;
};

struct Tried {
  std::int64_t batch;
  double samples_per_second = 0;
  double memory_mib = 0;
  std::string failure;  ///< empty when it fits
};

/// Empty when the user stopped it.
std::optional<Tried> attempt(const BatchFindOptions& options, const std::string& recipe,
                             std::int64_t batch) {
  const auto tryout =
      make_tryout(recipe, options.overrides,
                  {fmt::format("train.batch_size={}", batch), "train.accumulate=1",
                   "train.micro_batch_size=null", "train.epochs=1000000",
                   fmt::format("train.max_steps={}", options.steps), "log.every=1 epoch"});
  if (tryout.outcome.ending == Ending::interrupted) return std::nullopt;
  return Tried{batch, tryout.last("system/samples_per_second"), tryout.last("system/memory_mib"),
               tryout.outcome.ending == Ending::done ? "" : tryout.outcome.reason};
}

/// Whether twice the batch may be tried: a machine whose memory is used up kills whatever it
/// likes, and not only the trial. A GPU only says so.
bool may_double(const Tried& last, const Tried& before, bool on_gpu) {
  if (!last.failure.empty()) return false;
  const double growth = std::max(0.0, last.memory_mib - before.memory_mib);
  const auto available = host_memory().available;
  const auto available_mib = static_cast<double>(available) / (1 << 20);
  return on_gpu || available == 0 || last.memory_mib + 2 * growth < 0.8 * available_mib;
}

/// The quickest; of those within 3 % of it the smallest, which leaves memory for other things.
const Tried* best_of(const std::vector<Tried>& tried) {
  double quickest = 0;
  for (const auto& each : tried)
    if (each.failure.empty()) quickest = std::max(quickest, each.samples_per_second);
  for (const auto& each : tried)
    if (each.failure.empty() && each.samples_per_second >= 0.97 * quickest) return &each;
  return nullptr;
}

void print_table(const std::vector<Tried>& tried) {
  Table table;
  for (const auto* title : {"batch", "samples/s", "memory MiB"})
    table.add_column(title, Table::Align::right);
  table.add_column("");
  for (const auto& [batch, rate, memory, failure] : tried)
    table.add_row() = {with_commas(batch), failure.empty() ? fmt::format("{:.0f}", rate) : "",
                       failure.empty() ? fmt::format("{:.0f}", memory) : "", failure};
  fmt::print("{}\n", table.text(terminal_width(stdout)));
}

Json tries_json(const std::vector<Tried>& tried, const Tried* best) {
  auto rows = Json::array();
  for (const auto& [batch, rate, memory, failure] : tried)
    rows.push_back({{"batch_size", batch},
                    {"samples_per_second", failure.empty() ? Json(rate) : Json()},
                    {"memory_mib", failure.empty() ? Json(memory) : Json()},
                    {"failure", failure}});
  return {{"suggestion", best ? Json(best->batch) : Json()}, {"tried", std::move(rows)}};
}

int batch_find(const BatchFindOptions& options) {
  const auto path = chosen_recipe(options.recipe);
  const auto recipe = read_recipe(path, options.overrides);
  const bool on_gpu = visible_gpus(process_environment()) > 0;
  std::vector<Tried> tried;
  const auto largest =
      std::min(options.to, look_at_dataset(recipe.config.at("dataset")).training_samples());
  for (auto batch = options.from; batch <= largest; batch *= 2) {
    const auto found = attempt(options, path, batch);
    if (!found) return 3;
    tried.push_back(*found);
    if (!may_double(*found, tried.size() > 1 ? tried[tried.size() - 2] : *found, on_gpu)) break;
  }
  const auto* best = best_of(tried);
  if (options.json) {
    fmt::print("{}\n", dumped(tries_json(tried, best), 2));
    return best ? 0 : 1;
  }
  print_table(tried);
  if (!best) throw std::runtime_error("no batch size could be trained");
  const auto wanted = recipe.config.at("train").at("batch_size").get<std::int64_t>();
  fmt::print("Quickest from {0} samples at once on: train.batch_size={0}", best->batch);
  if (wanted > best->batch)
    fmt::print(", or with the recipe's batch of {} train.micro_batch_size={}", wanted, best->batch);
  fmt::print(
      "\nThis knows the throughput only, and not what the run would come to: another batch is "
      "another training{}.\n",
      wanted > best->batch ? ", and train.micro_batch_size the same one" : "");
  return 0;
}

}  // namespace

void add_batch_find(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<BatchFindOptions>();
  auto* command = app.add_subcommand("batch-find",
                                     "Find the batch with the highest throughput, by some steps "
                                     "with twice the size each time; what a training would come "
                                     "to with it is not known");
  add_recipe(*command, options->recipe);
  add_overrides(*command, options->overrides, "Values in place of the recipe's");
  command->add_option("--from", options->from, "The first batch, of all ranks together")
      ->check(number_at_least(1))
      ->capture_default_str();
  command->add_option("--to", options->to, "The largest batch")
      ->check(number_at_least(1))
      ->capture_default_str();
  command->add_option("--steps", options->steps, "How many steps of each")
      ->check(CLI::Range(5, 100000))
      ->capture_default_str();
  command->add_flag("--json", options->json, "What was tried and the suggestion as JSON");
  command->callback([options, &chosen] { chosen = [options] { return batch_find(*options); }; });
}

}  // namespace runner
