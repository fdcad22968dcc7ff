#include "runner/terminal/config_table.hpp"

#include "experiments/json.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/table.hpp"

namespace runner {

std::string config_table(const Recipe& recipe) {
  Table table;
  for (const auto* title : {"path", "value", "from"}) table.add_column(title);
  for (const auto& [path, origin] : recipe.origins)
    table.add_row() = {path, as_text(value_at(recipe.config, path)), origin};
  return table.text(terminal_width(stdout));
}

}  // namespace runner
