// A recipe's text: what may come of it is a run, a sweep, or a list of mistakes.
#include "runner/sweep/sweep_recipe.hpp"
#include "tests/trust/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = runner::fuzz::folder().write("recipe.yaml", runner::fuzz::as_text(data, size));
  try {
    runner::read_run_or_sweep(file.string(), {});
  } catch (const runner::RecipeError&) {
  }
  return 0;
}
