#include "runner/sweep/sweep_recipe.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <doctest/doctest.h>

using namespace runner;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string mistakes_in(const std::string& recipe) {
  try {
    read_run_or_sweep(recipe, {});
    return "";
  } catch (const RecipeError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("each bad recipe is answered with exactly the text beside it") {
  const auto before = fs::current_path();
  fs::current_path(fs::path(RUNNER_SOURCE_DIR) / "tests/bad_recipes");
  std::vector<fs::path> recipes;
  for (const auto& entry : fs::directory_iterator("."))
    if (entry.path().extension() == ".yaml") recipes.push_back(entry.path().filename());
  std::sort(recipes.begin(), recipes.end());
  CHECK(recipes.size() >= 38);
  for (const auto& recipe : recipes) {
    CAPTURE(recipe);
    auto expected = recipe;
    expected.replace_extension(".txt");
    const auto mistakes = mistakes_in(recipe);
    if (std::getenv("RUNNER_ACCEPT")) std::ofstream(expected) << mistakes;
    CHECK_FALSE(mistakes.empty());
    CHECK(mistakes == text_of(expected));
  }
  fs::current_path(before);
}
