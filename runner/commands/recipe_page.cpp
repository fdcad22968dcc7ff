#include "runner/commands/recipe_page.hpp"

#include "registry/kinds.hpp"
#include "runner/recipe/sections.hpp"
#include "runner/sweep/section_help.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

// A test runs the recipe with these arguments.
constexpr std::string_view beginning =
    R"(A recipe is a YAML file. It names components, and what it does not say has a default.

    model: mlp                                # by its name, with every field's default
    dataset: {name: synthetic, classes: 4}    # with fields; they have PyTorch's names
    loss: cross_entropy
    optimizer: {name: adamw, lr: 0.01}
    train: {batch_size: 32, epochs: 2}        # a section
    eval: {metrics: [f1, {name: top_k, k: 2}]}

Every value can be replaced on the command line, whole components and elements of lists, too:

    runner run mine.yaml optimizer=sgd optimizer.lr=0.1 'eval.metrics[1].k=3'

The kinds of components; runner components optimizer prints all of a kind with their fields:

)";

constexpr std::string_view end = R"(
extends: a recipe can start from others, and says what differs.

    extends: mnist.yaml

${path} is another value of the recipe, ${env:NAME} or ${env:NAME,default} one of the environment, and $$
a dollar. Within {} and [] they stand in quotes.

    eval: {batch_size: '${train.batch_size}'}

matrix: a run for each combination of values. search looks for the best values of a space instead.

    matrix: {optimizer.lr: [0.1, 0.3], seed: {range: [1, 3]}}

Read on:

  runner run mine.yaml --dry-run      every value of a recipe, and where it comes from
  runner validate mine.yaml           every mistake at once, with its line
  runner components optimizer adamw   the fields of a component, with defaults and ranges
  runner components train             the fields of a section
  runner schema                       a JSON Schema, by which editors complete and check recipes
)";

/// Where components of a kind stand that is no key of a recipe.
void add_places(const Kind& kind, const std::vector<FieldDescription>& fields,
                const std::string& path, std::vector<std::string>& out) {
  for (const auto& field : fields) {
    const auto at = path + field.name;
    if (field.kind == kind.name && std::ranges::find(out, at) == out.end()) out.push_back(at);
    add_places(kind, field.fields, at + (field.type == Type::maps ? "[N]." : "."), out);
  }
}

std::vector<std::string> places_of(const Kind& kind) {
  std::vector<std::string> out;
  for (const auto& section : sections())
    add_places(kind, section.description.fields, section.key.empty() ? "" : section.key + ".", out);
  for (const auto& owner : kinds())
    for (const auto& component : owner.components)
      add_places(kind, component.fields, owner.name + ".", out);
  return out;
}

std::string when_missing(const Kind& kind) {
  if (kind.in_fields) return fmt::format("; in {}", fmt::join(places_of(kind), ", "));
  return kind.fallback.empty() ? "" : fmt::format("; {} unless it is given", kind.fallback);
}

std::string table_of_kinds(int width) {
  Table table;
  for (int i = 0; i < 2; ++i) table.add_column("");
  for (const auto& kind : kinds())
    table.add_row() = {"  " + kind.name, kind.summary + when_missing(kind)};
  return table.text(width);
}

std::string table_of_sections(int width) {
  Table table;
  for (int i = 0; i < 2; ++i) table.add_column("");
  for (const auto& section : section_helps())
    table.add_row() = {"  " + section.name, section.summary};
  return table.text(width);
}

}  // namespace

std::string recipe_page(int width) {
  return fmt::format(
      "{}{}\nThe sections; runner components train prints the fields of one:\n\n{}{}", beginning,
      table_of_kinds(width), table_of_sections(width), end);
}

}  // namespace runner
