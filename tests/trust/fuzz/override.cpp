// Arguments `path=value`, one a line, laid over a recipe that has a list and a matrix.
#include "runner/sweep/sweep_recipe.hpp"
#include "tests/trust/fuzz/input.hpp"

namespace {

constexpr auto recipe = R"(
model: {name: mlp, hidden: [8]}
dataset: {name: synthetic, features: 4, classes: 3}
loss: {name: cross_entropy}
optimizer: {name: sgd, lr: 0.1, groups: [{params: "*.bias", weight_decay: 0}]}
train: {epochs: 1, batch_size: 8}
matrix: {seed: [1, 2]}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto file = runner::fuzz::folder().write("recipe.yaml", recipe);
  auto rest = runner::fuzz::as_text(data, size);
  std::vector<std::string> overrides;
  while (!rest.empty()) overrides.emplace_back(runner::fuzz::next_part(rest, '\n'));
  try {
    runner::read_run_or_sweep(file.string(), overrides);
  } catch (const runner::RecipeError&) {
  }
  return 0;
}
