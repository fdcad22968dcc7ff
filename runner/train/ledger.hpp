#pragma once

#include "registry/parallel/strategy.hpp"

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
  /// All ranks have one, and rank 0 `writes`. Lines of steps after `first_step` are those of an
  /// earlier attempt, and go.
  Ledger(const std::filesystem::path& folder, const Strategy& strategy, bool writes,
         std::int64_t first_step);

  /// Before the update: as backward has left them.
  void note_gradients();
  /// After it. Throws std::runtime_error when the line cannot be written.
  void write(std::int64_t step, double loss);

 private:
  void open(std::int64_t first_step);
  void check() const;
  /// Of the whole of what belongs to a parameter; 0 where there is nothing, and where none is
  /// written.
  std::uint64_t hash(const std::string& parameter, const at::Tensor& kept) const;

  const Strategy& strategy_;
  std::vector<Parameter> parameters_;
  bool writes_;
  double norm_ = 0;
  std::vector<std::uint64_t> gradients_;
  std::filesystem::path file_;
  std::ofstream out_;
};

}  // namespace runner
