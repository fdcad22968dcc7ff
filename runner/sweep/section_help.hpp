#pragma once

#include "registry/description.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// A field of a component or of a section, as help shows it.
struct FieldHelp {
  std::string name;  ///< that of a map's field behind the map's: "keep_best.n", "columns[N].age"
  Json initial;      ///< the default; null where there is none, too
  std::string expected, help;
  std::string shown = {};  ///< the default in a table; empty where there is none
};

/// A component, or a section of a recipe, also one whose keys are no plain fields.
struct SectionHelp {
  std::string name, summary;
  std::vector<FieldHelp> fields;

  std::vector<std::string> field_names() const;
};

SectionHelp help_of(const ComponentDescription& description);

/// Every section, in a recipe's usual order. What stands at the top of a recipe is "general".
const std::vector<SectionHelp>& section_helps();
/// Null when there is no such section.
const SectionHelp* find_section_help(std::string_view name);

}  // namespace runner
