#include "runner/commands/bisect.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "registry/counted.hpp"
#include "registry/description.hpp"
#include "runner/commands/options.hpp"
#include "runner/record/ledger_file.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/table.hpp"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct BisectOptions {
  std::string left, right;
  std::optional<std::filesystem::path> database;
  bool json = false;
};

struct Side {
  std::string id;
  LedgerFile ledger;
};

Side read_side(Store& store, const std::string& reference) {
  const auto id = find_run(store.database(), reference);
  const auto details = read_run(store.database(), id);
  const auto file = std::filesystem::path(details.run.logs.value_or("")) / "ledger.csv";
  if (!std::filesystem::exists(file))
    throw UserError(fmt::format("run {} has no ledger; train it with ledger=on", id));
  return {id, read_ledger(file)};
}

Json ledger_json(const LedgerComparison& found) {
  Json out{{"same_steps", found.common_steps},
           {"left_alone", found.left_alone},
           {"right_alone", found.right_alone},
           {"step", nullptr},
           {"differs", Json::array()}};
  if (!found.divergence) return out;
  out["step"] = found.divergence->step;
  for (std::size_t i = 0; i < found.divergence->columns.size(); ++i)
    out["differs"].push_back({{"what", found.divergence->columns[i]},
                              {"left", found.divergence->left[i]},
                              {"right", found.divergence->right[i]}});
  return out;
}

/// "gradient fc1.weight" as "the gradient of fc1.weight".
std::string named(const std::string& column) {
  for (const std::string of : {"gradient", "weight"})
    if (column.starts_with(of + " "))
      return fmt::format("the {} of {}", of, column.substr(of.size() + 1));
  return column == "grad_norm" ? "the gradients' norm" : "the " + column;
}

void print_divergence(const Side& left, const Side& right, const LedgerComparison& found) {
  const auto& [step, columns, lefts, rights] = *found.divergence;
  const auto others = columns.size() - 1;
  fmt::print("{} steps are the same; in step {} the first that differs is {}{}.\n\n",
             found.common_steps, step, named(columns.front()),
             others == 0 ? "" : fmt::format(", and {} more", others));
  Table table;
  for (const auto& title : {std::string("step ") + std::to_string(step), left.id, right.id})
    table.add_column(title);
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < columns.size() && i < most; ++i)
    table.add_row() = {columns[i], lefts[i], rights[i]};
  fmt::print("{}", table.text(terminal_width(stdout)));
}

/// What only one of them has was not compared.
void print_sameness(const Side& left, const Side& right, const LedgerComparison& found) {
  auto text = fmt::format("all {} steps are the same, bit by bit", found.common_steps);
  for (const auto& [side, steps] :
       {std::pair(&left, found.left_alone), {&right, found.right_alone}})
    if (steps > 0)
      text += fmt::format("; {} has {} that the other has not", side->id, counted(steps, "step"));
  fmt::print("{}\n", text);
}

int bisect(const BisectOptions& options) {
  auto store = Store::open(find_database(options.database));
  const auto left = read_side(store, options.left), right = read_side(store, options.right);
  const auto found = compare(left.ledger, right.ledger);
  if (found.common_steps == 0 && !found.divergence)
    throw UserError(fmt::format("runs {} and {} have no step in common", left.id, right.id));
  if (options.json)
    fmt::print("{}\n", dumped(ledger_json(found), 2));
  else if (found.divergence)
    print_divergence(left, right, found);
  else
    print_sameness(left, right, found);
  return found.divergence ? 1 : 0;
}

}  // namespace

void add_bisect(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<BisectOptions>();
  auto* command = app.add_subcommand(
      "bisect",
      "Name the first step and tensor in which two runs with ledger=on differ; exits with 1 then");
  command->add_option("A", options->left, "An id or its beginning, a name, or last")->required();
  command->add_option("B", options->right, "The other run")->required();
  add_database(*command, options->database);
  command->add_flag("--json", options->json, "The step and all that differs in it as JSON");
  command->callback([options, &chosen] { chosen = [options] { return bisect(*options); }; });
}

}  // namespace runner
