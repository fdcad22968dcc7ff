#pragma once

#include "runner/recipe/node.hpp"
#include "runner/recipe/problems.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// A path of the recipe, and what a cell says there.
struct Assignment {
  std::string path;
  Place place;  ///< of the path
  Node value;
};

/// One run of a matrix, in the order of the text.
using Cell = std::vector<Assignment>;

constexpr std::size_t most_cells = 100'000;

/// A key of the matrix that is no path, for help and schema.
struct MatrixWord {
  std::string_view name, help;
};

constexpr std::string_view matrix_help =
    "paths of the recipe and their values: a run for each combination";
constexpr std::array matrix_words{MatrixWord{"zip", "paths whose values go side by side"},
                                  MatrixWord{"exclude", "cells that are left out"},
                                  MatrixWord{"include", "cells besides"}};

/// The cells of a recipe's `matrix`:
///
///     optimizer.lr: [0.1, 0.3]            every value with every one of the others; the last turns
///     seed: {range: [1, 5]}               fastest; [first, last] or [first, last, step]
///     zip: {model.width: [32, 64], model.dropout: [0.1, 0.3]}       these side by side; or a list
///     exclude: [{optimizer.lr: 0.3, seed: 2}]                       without these
///     include: [{optimizer: {name: sgd, lr: 0.05}}]                 and these besides
///
/// Each mistake becomes a problem at its place; an `exclude` that takes out no cell and an
/// `include` that adds none are mistakes.
std::vector<Cell> expand_matrix(const Node& matrix, Problems& problems);

/// The cell as a recipe that is laid over another: {optimizer: {lr: 0.1}}.
Node as_recipe(const Cell& cell);

}  // namespace runner
