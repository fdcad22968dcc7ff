#include "runner/recipe/sweep_keys.hpp"

#include <algorithm>

namespace runner {

bool is_sweep_key(std::string_view key) {
  return std::find(sweep_keys.begin(), sweep_keys.end(), key) != sweep_keys.end();
}

SweepPart take_sweep_part(Node& recipe) {
  SweepPart part;
  for (auto& entry : recipe.entries)
    if (is_sweep_key(entry.key)) part.emplace(entry.key, std::move(entry.value));
  std::erase_if(recipe.entries, [](const Entry& entry) { return is_sweep_key(entry.key); });
  return part;
}

}  // namespace runner
