#include "runner/recipe/sections.hpp"

#include "registry/kinds.hpp"
#include "runner/recipe/sweep_keys.hpp"

namespace runner {

const std::vector<Section>& sections() {
  static const std::vector<Section> all{
      {"", describe_component<General>("general")},
      {"train", describe_component<Train>("train")},
      {"eval", describe_component<Eval>("eval")},
      {"log", describe_component<Log>("log")},
      {"save", describe_component<Save>("save")},
      {"record", describe_component<Record>("record")},
      {"init_from", describe_component<InitFrom>("init_from")},
      {"early_stopping", describe_component<EarlyStopping>("early_stopping")},
      {"profile", describe_component<Profile>("profile")},
  };
  return all;
}

std::vector<std::string> recipe_keys() {
  auto keys = sections().front().description.field_names();
  keys.emplace_back("extends");
  keys.insert(keys.end(), sweep_keys.begin(), sweep_keys.end());
  for (const auto& kind : kinds())
    if (!kind.in_fields) keys.push_back(kind.name);
  for (const auto& section : sections())
    if (!section.key.empty()) keys.push_back(section.key);
  return keys;
}

}  // namespace runner
