#include "runner/commands/components.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/nearest.hpp"
#include "registry/kinds.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/table.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct ComponentsOptions {
  std::string kind, name;
  bool json = false;
};

Json component_json(const ComponentDescription& component) {
  auto fields = Json::array();
  for (const auto& field : component.fields)
    fields.push_back({{"name", field.name},
                      {"default", field.initial},
                      {"expected", expectation(field)},
                      {"help", field.help}});
  return {{"name", component.name}, {"summary", component.summary}, {"fields", std::move(fields)}};
}

std::string describe(const ComponentDescription& component) {
  auto text = fmt::format("{}: {}\n", component.name, component.summary);
  if (component.fields.empty()) return text + "  no fields\n";
  Table table;
  for (const auto* title : {"  field", "default", "expected", "meaning"}) table.add_column(title);
  for (const auto& field : component.fields)
    table.add_row() = {"  " + field.name, as_text(field.initial), expectation(field), field.help};
  return text + table.text(terminal_width(stdout));
}

void print_overview() {
  Table table;
  for (const auto* title : {"kind", "name", "what it is"}) table.add_column(title);
  for (const auto& kind : kinds())
    for (const auto& component : kind.components)
      table.add_row() = {kind.name,
                         component.name + (component.name == kind.fallback ? " (default)" : ""),
                         component.summary};
  fmt::print("{}", table.text(terminal_width(stdout)));
}

[[noreturn]] void fail(const std::string& message, const std::string& word,
                       const std::vector<std::string>& known) {
  throw UserError(fmt::format("{}; {}", message, what_instead(word, known)));
}

const Kind& chosen_kind(const std::string& name) {
  if (const auto* kind = find_kind(name)) return *kind;
  std::vector<std::string> known;
  for (const auto& kind : kinds()) known.push_back(kind.name);
  fail(fmt::format("there is no kind '{}'", name), name, known);
}

std::vector<ComponentDescription> chosen_components(const ComponentsOptions& options) {
  const auto& kind = chosen_kind(options.kind);
  if (options.name.empty()) return kind.components;
  if (const auto* component = kind.find(options.name)) return {*component};
  fail(fmt::format("no {} is called '{}'", kind.name, options.name), options.name,
       kind.component_names());
}

Json catalog_json(const ComponentsOptions& options) {
  auto out = Json::object();
  for (const auto& kind : kinds()) {
    if (!options.kind.empty() && kind.name != options.kind) continue;
    const auto& components = options.kind.empty() ? kind.components : chosen_components(options);
    for (const auto& component : components) out[kind.name].push_back(component_json(component));
  }
  return out;
}

int components(const ComponentsOptions& options) {
  if (!options.kind.empty()) chosen_kind(options.kind);
  if (options.json) {
    fmt::print("{}\n", dumped(catalog_json(options), 2));
    return 0;
  }
  if (options.kind.empty()) {
    print_overview();
    return 0;
  }
  std::string between;
  for (const auto& component : chosen_components(options)) {
    fmt::print("{}{}", between, describe(component));
    between = "\n";
  }
  return 0;
}

}  // namespace

void add_components(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ComponentsOptions>();
  auto* command = app.add_subcommand("components", "Show what a recipe can name");
  command->add_option("kind", options->kind,
                      "model, dataset, loss, optimizer, scheduler, precision or topology");
  command->add_option("name", options->name, "One component, e.g. adadelta");
  command->add_flag("--json", options->json, "The same as JSON");
  command->callback([options, &chosen] { chosen = [options] { return components(*options); }; });
}

}  // namespace runner
