#include "runner/commands/components.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/nearest.hpp"
#include "registry/kinds.hpp"
#include "runner/sweep/section_help.hpp"
#include "runner/terminal/letters.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/sweep_view.hpp"
#include "runner/terminal/table.hpp"

#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

struct ComponentsOptions {
  std::string topic, name;
  bool json = false;
};

Json component_json(const SectionHelp& component) {
  auto fields = Json::array();
  for (const auto& field : component.fields)
    fields.push_back({{"name", field.name},
                      {"default", field.initial},
                      {"expected", field.expected},
                      {"help", field.help}});
  return {{"name", component.name}, {"summary", component.summary}, {"fields", std::move(fields)}};
}

std::string indented(const std::string& text, int width) {
  constexpr int indent = 6;
  std::istringstream lines(wrapped(text, std::max(width - indent, 1)));
  std::string out;
  for (std::string line; std::getline(lines, line);)
    out += fmt::format("{:{}}{}\n", "", indent, line);
  return out;
}

/// One below the other, whole, for terminals that are narrower than a table of them.
std::string list_of(const std::vector<FieldHelp>& fields, int width) {
  std::string out;
  for (const auto& field : fields) {
    out += fmt::format("  {}{}{}\n", field.name, field.shown.empty() ? "" : ": ", field.shown);
    out += indented(field.help, width) + indented(fmt::format("({})", field.expected), width);
  }
  return out;
}

bool fits(const std::string& text, int width) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (width > 0 && display_width(line) > width) return false;
  return true;
}

std::string describe(const SectionHelp& component, int width) {
  const auto head = fmt::format("{}: {}\n", component.name, component.summary);
  if (component.fields.empty()) return head + "  no fields\n";
  Table table;
  for (const auto* title : {"  field", "default", "expected", "meaning"}) table.add_column(title);
  for (const auto& field : component.fields)
    table.add_row() = {"  " + field.name, field.shown, field.expected, field.help};
  const auto text = table.text();
  return head + (fits(text, width) ? text : list_of(component.fields, width));
}

std::string overview(int width) {
  Table components, sections;
  for (const auto* title : {"kind", "name", "what it is"}) components.add_column(title);
  for (const auto& kind : kinds())
    for (const auto& component : kind.components)
      components.add_row() = {
          kind.name, component.name + (component.name == kind.fallback ? " (default)" : ""),
          component.summary};
  for (const auto* title : {"section", "what it is"}) sections.add_column(title);
  for (const auto& section : section_helps()) sections.add_row() = {section.name, section.summary};
  return components.text(width) + "\n" + sections.text(width);
}

[[noreturn]] void fail(const std::string& message, const std::string& word,
                       const std::vector<std::string>& known) {
  throw UserError(fmt::format("{}; {}", message, what_instead(word, known)));
}

std::vector<SectionHelp> chosen_of_kind(const Kind& kind, const std::string& name) {
  std::vector<SectionHelp> out;
  for (const auto& component : kind.components)
    if (name.empty() || component.name == name) out.push_back(help_of(component));
  if (out.empty())
    fail(fmt::format("no {} is called '{}'", kind.name, name), name, kind.component_names());
  return out;
}

/// With the field of that name alone, and those of a map within it.
SectionHelp chosen_of_section(const SectionHelp& section, const std::string& name) {
  auto out = section;
  std::erase_if(out.fields, [&](const FieldHelp& field) {
    return !name.empty() && field.name != name && !field.name.starts_with(name + ".") &&
           !field.name.starts_with(name + "[");
  });
  if (out.fields.empty())
    fail(fmt::format("'{}' has no field '{}'", section.name, name), name, section.field_names());
  return out;
}

std::vector<SectionHelp> chosen_components(const std::string& topic, const std::string& name) {
  if (const auto* kind = find_kind(topic)) return chosen_of_kind(*kind, name);
  if (const auto* section = find_section_help(topic)) return {chosen_of_section(*section, name)};
  fail(fmt::format("there is no kind or section '{}'", topic), topic, component_topics());
}

Json catalog_json(const ComponentsOptions& options) {
  auto out = Json::object();
  const auto add = [&](const std::string& topic, const std::string& name) {
    for (const auto& component : chosen_components(topic, name))
      out[find_kind(topic) ? topic : "sections"].push_back(component_json(component));
  };
  if (!options.topic.empty())
    add(options.topic, options.name);
  else
    for (const auto& topic : component_topics()) add(topic, "");
  return out;
}

int components(const ComponentsOptions& options) {
  const int width = terminal_width(stdout);
  if (options.json)
    fmt::print("{}\n", dumped(catalog_json(options), 2));
  else if (options.topic.empty())
    fmt::print("{}", overview(width));
  else
    fmt::print("{}", components_page(options.topic, options.name, width));
  return 0;
}

}  // namespace

std::string components_page(const std::string& topic, const std::string& name, int width) {
  std::string out;
  for (const auto& component : chosen_components(topic, name))
    out += (out.empty() ? "" : "\n") + describe(component, width);
  return out;
}

std::vector<std::string> component_topics() {
  std::vector<std::string> out;
  for (const auto& kind : kinds()) out.push_back(kind.name);
  for (const auto& section : section_helps()) out.push_back(section.name);
  return out;
}

void add_components(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ComponentsOptions>();
  auto* command = app.add_subcommand("components", "Show what a recipe can name, and its sections");
  command->add_option("topic", options->topic, "A kind, e.g. optimizer, or a section, e.g. train");
  command->add_option("name", options->name, "One component, e.g. adadelta; or a section's field");
  command->add_flag("--json", options->json, "The same as JSON");
  command->callback([options, &chosen] { chosen = [options] { return components(*options); }; });
}

}  // namespace runner
