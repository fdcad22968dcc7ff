#include "runner/commands/why.hpp"

#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "runner/answers/why.hpp"
#include "runner/commands/options.hpp"
#include "runner/terminal/comparison_page.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

struct WhyOptions {
  std::string a, b, metric;
  std::optional<std::filesystem::path> database;
  bool json = false;
};

std::string outcome(const Explanation& why) {
  std::string text;
  for (const auto& run : why.runs.runs)
    if (run.status != "done")
      text += fmt::format("{} is {}{}\n", run.id, run.status,
                          run.reason.empty() ? "" : ": " + run.reason);
  if (!why.a || !why.b) return text + "No metric was recorded by both.\n";
  return text + fmt::format("{}: {:.6g} in {}, {:.6g} in {} ({:+.3g})\n", why.metric, *why.a,
                            why.runs.runs[0].id, *why.b, why.runs.runs[1].id, *why.b - *why.a);
}

struct Group {
  const char* name;
  std::vector<ComparedRow> rows;
};

std::vector<ComparedRow> different(const std::vector<ComparedRow>& rows) {
  std::vector<ComparedRow> out;
  std::ranges::copy_if(rows, std::back_inserter(out), &ComparedRow::differs);
  return out;
}

/// In the order in which they usually are the reason.
std::vector<Group> groups_of(const Explanation& why) {
  std::vector<ComparedRow> seed;
  std::ranges::copy_if(why.runs.config, std::back_inserter(seed),
                       [](const ComparedRow& row) { return row.name == "seed" && row.differs(); });
  return {{"config", why.settings()},
          {"data", different(why.runs.data)},
          {"code", different(why.runs.code)},
          {"seed", seed},
          {"surroundings", different(why.runs.surrounding)}};
}

std::string differences(const Explanation& why, int width) {
  Table table;
  for (const auto* title : {"differs in", ""}) table.add_column(title);
  for (const auto& run : why.runs.runs) table.add_column(run.id);
  std::vector<std::string> alike;
  for (const auto& [name, rows] : groups_of(why)) {
    if (rows.empty()) alike.emplace_back(name);
    for (const auto& row : rows)
      table.add_row() = {&row == rows.data() ? name : "", row.name == name ? "" : row.name,
                         short_text(row.values[0]), short_text(row.values[1])};
  }
  const auto same = alike.empty() ? "" : fmt::format("The same: {}.\n", fmt::join(alike, ", "));
  return alike.size() == 5 ? same : table.text(width) + same;
}

std::string parting(const Explanation& why) {
  const auto& [common, step, a, b, largest] = why.parting;
  if (common == 0) return "";
  if (!step)
    return fmt::format("All {} common points of {} are the same, bit for bit.\n", common,
                       why.followed);
  const auto most = std::isfinite(largest)
                        ? fmt::format("at most they are {:.2g} of the value apart", largest)
                        : std::string("one of them becomes NaN or infinite where the other is not");
  return fmt::format("They part in {} at step {}: {:.9g} and {:.9g}; {}.\n", why.followed, *step, a,
                     b, most);
}

std::string chance(const Explanation& why) {
  if (!why.chance || why.a == why.b) return "";
  const auto& [runs, mean, deviation] = *why.chance;
  return fmt::format(
      "Chance: {} runs like {}, but for their seeds, have {} {:.5g} with a deviation of {:.2g}; "
      "{}.\n",
      runs, why.runs.runs[0].id, why.metric, mean, deviation,
      why.may_be_chance() ? "such a difference may be chance alone"
                          : "the difference is more than that");
}

std::string verdict(const Explanation& why) {
  const auto groups = groups_of(why);
  const bool nothing =
      std::ranges::all_of(groups, [](const Group& group) { return group.rows.empty(); });
  if (nothing && why.parting.step)
    return "Nothing that is recorded differs: training was not deterministic (recipes can ask for "
           "it: deterministic: true).\n";
  return "";
}

nlohmann::ordered_json explanation_json(const Explanation& why) {
  using Json = nlohmann::ordered_json;
  auto causes = Json::object();
  for (const auto& [name, rows] : groups_of(why)) {
    auto& cause = causes[name] = Json::array();
    for (const auto& row : rows) cause.push_back({{"name", row.name}, {"values", row.values}});
  }
  const auto& at = why.parting;
  return {{"runs", {why.runs.runs[0].id, why.runs.runs[1].id}},
          {"metric", why.metric},
          {"values", {why.a ? Json(*why.a) : Json(), why.b ? Json(*why.b) : Json()}},
          {"differences", causes},
          {"followed", why.followed},
          {"common_points", at.common},
          {"parting_step", at.step ? Json(*at.step) : Json()},
          {"chance", why.chance ? Json{{"runs", why.chance->runs},
                                       {"mean", why.chance->mean},
                                       {"deviation", why.chance->deviation},
                                       {"may_explain", why.may_be_chance()}}
                                : Json()}};
}

int explain_difference(const WhyOptions& options) {
  Store store = Store::open(find_database(options.database));
  const auto& database = store.database();
  const auto why = explain(database, find_run(database, options.a), find_run(database, options.b),
                           options.metric);
  if (options.json)
    fmt::print("{}\n", dumped(explanation_json(why), 2));
  else
    fmt::print("{}\n{}\n{}{}{}", outcome(why), differences(why, terminal_width(stdout)),
               parting(why), chance(why), verdict(why));
  return 0;
}

}  // namespace

void add_why(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<WhyOptions>();
  auto* command = app.add_subcommand(
      "why",
      "Say why two runs came out differently: what differs, where they part, what is chance");
  command->add_option("A", options->a, which_run)->required();
  command->add_option("B", options->b, "The other")->required();
  command->add_option("--metric", options->metric, "The outcome that is explained")
      ->type_name("NAME")
      ->transform(metric_name());
  add_database(*command, options->database);
  command->add_flag("--json", options->json, "An object with all of it");
  command->callback(
      [options, &chosen] { chosen = [options] { return explain_difference(*options); }; });
}

}  // namespace runner
