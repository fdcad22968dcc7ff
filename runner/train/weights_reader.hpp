#pragma once

#include "registry/state.hpp"
#include "runner/checkpoint/safetensors.hpp"
#include "runner/recipe/sections.hpp"

#include <map>
#include <string>
#include <vector>

namespace runner {

/// Fills a network's tensors from a safetensors file whose names may differ, and which may have
/// others: what a recipe's `init_from` says. Throws std::invalid_argument where it does not fit.
class WeightsReader : public StateVisitor {
 public:
  WeightsReader(const std::filesystem::path& path, const InitFrom& options);

  void tensor(const std::string& name, at::Tensor& tensor) override;
  /// After all tensors: complains of those that were missing, of another shape, or not asked for.
  void refuse_leftovers() const;

 private:
  void exchange(const std::string&, Json&) override {}

  std::filesystem::path path_;
  bool strict_;
  SafetensorsFile file_;
  std::map<std::string, std::string> names_;  ///< here -> in the file; those not asked for yet
  std::vector<std::string> problems_;
  std::size_t taken_ = 0;
};

}  // namespace runner
