// A matrix: its cells, each of which becomes a recipe again.
#include "runner/sweep/matrix.hpp"

#include "runner/recipe/yaml.hpp"
#include "tests/trust/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(runner::fuzz::as_text(data, size));
  const auto source = std::make_shared<runner::Source>(runner::Source{"matrix.yaml", text, false});
  runner::Problems problems;
  const auto tree = runner::parse_yaml({source, 1, 1}, source->text, problems);
  if (tree) {
    const auto cells = runner::expand_matrix(*tree, problems);
    if (cells.size() > runner::most_cells) __builtin_trap();
    if (!cells.empty()) runner::as_recipe(cells.back());
  }
  if (!problems.empty() && problems.render().empty()) __builtin_trap();
  return 0;
}
