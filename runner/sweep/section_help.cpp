#include "runner/sweep/section_help.hpp"

#include "experiments/json.hpp"
#include "runner/recipe/schema.hpp"
#include "runner/recipe/sections.hpp"
#include "runner/search/prune.hpp"
#include "runner/search/search.hpp"
#include "runner/search/space.hpp"
#include "runner/sweep/matrix.hpp"
#include "runner/sweep/sweep_options.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

/// A map's default is that of its fields.
std::string shown_default(const FieldDescription& field) {
  const auto& initial = field.initial;
  if (!field.has_default() || (field.type == Type::map && initial.is_object())) return "";
  const bool is_name = field.type == Type::component && initial.size() == 1;
  return as_text(is_name ? initial.at("name") : initial);
}

void add_fields_of(const std::vector<FieldDescription>& fields, const std::string& prefix,
                   std::vector<FieldHelp>& out) {
  for (const auto& field : fields) {
    out.push_back(
        {prefix + field.name, field.initial, expectation(field), field.help, shown_default(field)});
    const auto* element = field.type == Type::maps ? "[N]" : "";
    add_fields_of(field.fields, fmt::format("{}{}{}.", prefix, field.name, element), out);
  }
}

SectionHelp general_help(const ComponentDescription& description) {
  auto out = help_of(description);
  out.fields.push_back(
      {"extends", {}, "a recipe, or a list of recipes", std::string(extends_help)});
  return out;
}

SectionHelp matrix_section() {
  SectionHelp out{"matrix", std::string(matrix_help), {}};
  out.fields.push_back({"PATH",
                        {},
                        "a list of values, or {range: [FIRST, LAST, STEP]}",
                        "every value with every one of the others, as in optimizer.lr: [0.1, 0.3]; "
                        "both ends of a range belong to it, and STEP may be left out"});
  for (const auto& [name, help] : matrix_words)
    out.fields.push_back(
        {std::string(name), {}, "a map of paths, or a list of such maps", std::string(help)});
  return out;
}

SectionHelp search_section() {
  auto out = help_of(describe_component<Search>("search"));
  out.fields.push_back({"space",
                        {},
                        "a map of paths, each with a distribution",
                        std::string(space_help) +
                            ": uniform, log_uniform, int_uniform or int_log_uniform: [LOW, HIGH], "
                            "choice: [A, B ...], as in optimizer.lr: {log_uniform: [1e-4, 1]}"});
  return out;
}

}  // namespace

std::vector<std::string> SectionHelp::field_names() const {
  std::vector<std::string> names;
  for (const auto& field : fields) names.push_back(field.name);
  return names;
}

SectionHelp help_of(const ComponentDescription& description) {
  SectionHelp out{description.name, description.summary, {}};
  add_fields_of(description.fields, "", out.fields);
  return out;
}

const std::vector<SectionHelp>& section_helps() {
  static const auto all = [] {
    std::vector<SectionHelp> out;
    for (const auto& section : sections())
      out.push_back(section.key.empty() ? general_help(section.description)
                                        : help_of(section.description));
    out.push_back(matrix_section());
    out.push_back(search_section());
    out.push_back(help_of(describe_component<Prune>("prune")));
    out.push_back(help_of(describe_component<SweepOptions>("sweep")));
    return out;
  }();
  return all;
}

const SectionHelp* find_section_help(std::string_view name) {
  const auto found = std::ranges::find(section_helps(), name, &SectionHelp::name);
  return found == section_helps().end() ? nullptr : &*found;
}

}  // namespace runner
