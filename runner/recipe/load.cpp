#include "runner/recipe/load.hpp"

#include "runner/recipe/merge.hpp"
#include "runner/recipe/override.hpp"
#include "runner/recipe/reference.hpp"
#include "runner/recipe/sections.hpp"
#include "runner/recipe/yaml.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

/// The files being read, from the recipe down to the one that is read now.
using Chain = std::vector<std::string>;

std::optional<Node> load_file(const std::string& path, const Place& wanted_at, Chain& chain,
                              Problems& problems, std::string* text);

/// What the recipe extends, taken out of it; empty when it is said wrongly.
std::optional<std::vector<Node>> take_bases(Node& recipe, Problems& problems) {
  const auto is_extends = [](const Entry& entry) { return entry.key == "extends"; };
  const auto found = std::find_if(recipe.entries.begin(), recipe.entries.end(), is_extends);
  if (found == recipe.entries.end()) return std::vector<Node>{};
  auto extends = std::move(found->value);
  recipe.entries.erase(found);
  auto bases = extends.kind == Node::Kind::list ? std::move(extends.items)
                                                : std::vector<Node>{std::move(extends)};
  for (auto& base : bases) {
    read_environment(base, &problems);
    if (base.scalar.is_string()) continue;
    problems.add(base.place, "extends: expected a recipe's path, or a list of them");
    return std::nullopt;
  }
  return bases;
}

/// Later bases win over earlier ones, and the recipe over them all.
std::optional<Node> extend(Node recipe, const std::string& path, Chain& chain, Problems& problems) {
  const auto bases = take_bases(recipe, problems);
  if (!bases) return std::nullopt;
  auto merged = Node::make_map(recipe.place);
  for (const auto& base : *bases) {
    const auto base_path = fs::path(path).parent_path() / base.scalar.get<std::string>();
    auto tree =
        load_file(base_path.lexically_normal().string(), base.place, chain, problems, nullptr);
    if (!tree) return std::nullopt;
    merge(merged, std::move(*tree));
  }
  merge(merged, std::move(recipe));
  return merged;
}

/// A recipe from elsewhere may extend any file that its user can read: lines of what is no recipe
/// are not for whoever reads the messages.
bool is_recipe(const Node& tree) {
  const auto keys = recipe_keys();
  return std::ranges::any_of(tree.entries, [&](const Entry& entry) {
    return entry.key != "name" && std::ranges::find(keys, entry.key) != keys.end();
  });
}

bool closes_a_cycle(const std::string& path, const Chain& chain) {
  return std::any_of(chain.begin(), chain.end(), [&](const auto& earlier) {
    std::error_code ignored;
    return fs::equivalent(earlier, path, ignored);
  });
}

std::optional<Node> load_file(const std::string& path, const Place& wanted_at, Chain& chain,
                              Problems& problems, std::string* text) {
  if (closes_a_cycle(path, chain)) {
    problems.add(wanted_at, fmt::format("extends goes round in a circle: {} -> {}",
                                        fmt::join(chain, " -> "), path));
    return std::nullopt;
  }
  std::shared_ptr<Source> source;
  try {
    source = read_source(path);
  } catch (const std::exception& error) {
    problems.add(wanted_at, fmt::format("cannot read the recipe {}: {}", path, error.what()));
    return std::nullopt;
  }
  if (text) *text = source->text;
  const Place start{source, 1, 1};
  source->is_shown = chain.empty();
  auto tree = parse_yaml(start, source->text, problems);
  if (!tree) return std::nullopt;
  source->is_shown |= is_recipe(*tree);
  if (!tree->is_map()) {
    problems.add(start, "a recipe is a map of keys such as model, dataset and train");
    return std::nullopt;
  }
  chain.push_back(path);
  auto extended = extend(std::move(*tree), path, chain, problems);
  chain.pop_back();
  return extended;
}

std::optional<Loaded> lay_over(std::optional<Node> tree, std::string text,
                               const std::vector<std::string>& overrides, Problems& problems) {
  std::vector<Node> overlays;
  for (const auto& argument : overrides) {
    auto overlay = parse_override(argument, problems);
    if (!tree || !overlay) continue;
    read_environment(*overlay);
    merge(*tree, *overlay);
    take_sweep_part(*overlay);
    overlays.push_back(std::move(*overlay));
  }
  if (!tree) return std::nullopt;
  read_environment(*tree);
  auto sweep = take_sweep_part(*tree);
  for (const auto& [key, node] : sweep) refuse_missing_elements(node, key, problems);
  return Loaded{std::move(*tree), std::move(text), std::move(sweep), std::move(overlays)};
}

}  // namespace

std::optional<Loaded> load(const std::string& path, const std::vector<std::string>& overrides,
                           Problems& problems) {
  Chain chain;
  std::string text;
  const auto command_line = std::make_shared<Source>(Source{path, "", true});
  auto tree = load_file(path, {command_line, 1, 1}, chain, problems, &text);
  return lay_over(std::move(tree), std::move(text), overrides, problems);
}

std::optional<Loaded> load_text(const std::string& name, const std::string& text,
                                const std::vector<std::string>& overrides, Problems& problems) {
  const auto source = std::make_shared<Source>(Source{name, text, false});
  auto tree = parse_yaml({source, 1, 1}, source->text, problems);
  if (tree) make_final(*tree);  // its references have been put in
  return lay_over(std::move(tree), text, overrides, problems);
}

}  // namespace runner
