#pragma once

#include "registry/optimizers/optimizer.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace runner {

/// What each step of a run came to, bit by bit, in the file ledger.csv: a line a step with the
/// loss, the gradients' norm, and a hash of each parameter's gradient and of its new weights.
class Ledger {
 public:
  /// Lines of steps after `first_step` are those of an earlier attempt, and go.
  Ledger(const std::filesystem::path& folder, const std::vector<Parameter>& parameters,
         std::int64_t first_step);

  /// Before the update: as backward has left them.
  void note_gradients();
  /// After it. Throws std::runtime_error when the line cannot be written.
  void write(std::int64_t step, double loss);

 private:
  void check() const;

  std::vector<Parameter> parameters_;
  double norm_ = 0;
  std::vector<std::uint64_t> gradients_;
  std::filesystem::path file_;
  std::ofstream out_;
};

}  // namespace runner
