#include "runner/commands/schema.hpp"

#include "experiments/json.hpp"
#include "runner/recipe/schema.hpp"
#include "runner/sweep/sweep_schema.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {

void add_schema(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("schema", "Print the JSON Schema of recipes, for editors");
  command->callback([&chosen] {
    chosen = [] {
      fmt::print("{}\n", dumped(recipe_schema(sweep_schemas()), 2));
      return 0;
    };
  });
}

}  // namespace runner
