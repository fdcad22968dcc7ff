#pragma once

#include "runner/sweep/sweep_recipe.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <stdlib.h>

namespace runner {

constexpr auto small_recipe =
    "name: small\n"
    "model: {name: mlp, hidden: [8]}\n"
    "dataset: {name: synthetic, samples: 640, eval_samples: 100}\n"
    "loss: cross_entropy\n"
    "optimizer: {name: adamw, lr: 0.001}\n"
    "train: {batch_size: 64, epochs: 2}\n";

/// small_recipe with more lines below it, read as r.yaml of the working directory.
inline SweepRecipe read_sweep(const std::string& more,
                              const std::vector<std::string>& overrides = {}) {
  namespace fs = std::filesystem;
  struct InNewFolder {
    fs::path before = fs::current_path();
    std::string folder = (fs::temp_directory_path() / "runner-test-XXXXXX").string();
    InNewFolder() { fs::current_path(mkdtemp(folder.data())); }
    ~InNewFolder() {
      fs::current_path(before);
      fs::remove_all(folder);
    }
  } in_new_folder;
  std::ofstream("base.yaml") << small_recipe;
  std::ofstream("r.yaml") << "extends: base.yaml\n" << more;
  return std::get<SweepRecipe>(read_run_or_sweep("r.yaml", overrides));
}

/// The mistakes that it finds there; empty for none.
inline std::string mistakes_in_sweep(const std::string& more,
                                     const std::vector<std::string>& overrides = {}) {
  try {
    read_sweep(more, overrides);
    return "";
  } catch (const RecipeError& error) {
    return error.what();
  }
}

}  // namespace runner
