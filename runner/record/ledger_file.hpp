#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace runner {

/// What a ledger (train/ledger.hpp) holds, as texts.
struct LedgerFile {
  std::vector<std::string> columns;  ///< "loss", "grad_norm", "gradient fc1.weight", ...
  std::vector<std::int64_t> steps;
  std::vector<std::vector<std::string>> rows;  ///< of each step, in the order of the columns
};

/// Throws std::runtime_error when it is not there, or is none.
LedgerFile read_ledger(const std::filesystem::path& file);

/// The first step whose bits differ in two ledgers.
struct Divergence {
  std::int64_t step = 0;
  /// What differs in it, in the order in which a step makes it: the loss, the gradients from the
  /// last layer to the first, the weights.
  std::vector<std::string> columns;
  std::vector<std::string> left, right;  ///< their texts in the two
};

struct LedgerComparison {
  std::int64_t common_steps = 0;  ///< that both have, with the same bits
  std::int64_t left_alone = 0,
               right_alone = 0;  ///< steps that one of the two has, and not the other
  std::optional<Divergence> divergence;
};

/// Throws std::runtime_error when they are of different models.
LedgerComparison compare(const LedgerFile& left, const LedgerFile& right);

}  // namespace runner
