#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/data/source.hpp"
#include "registry/datasets/dataset.hpp"
#include "registry/field.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace runner {

/// Which shares of own samples are not trained on.
struct Holdout {
  double validation = 0.1;
  double test = 0.0;

  static constexpr auto fields() {
    return std::tuple{field("validation", &Holdout::validation,
                            "the share that choices are made by: early stopping, the best "
                            "checkpoint, sweeps",
                            range_below(0, 1)),
                      field("test", &Holdout::test,
                            "the share that is measured besides, and that nothing is chosen by",
                            range_below(0, 1))};
  }

  std::string conflict() const {
    if (validation == 0 && test == 0)
      return "validation and test are 0: nothing is left to evaluate on";
    return validation + test >= 1 ? "validation and test leave nothing to train on" : "";
  }

  /// Those that are held out are rounded up; the rest is trained on. One part alone is called
  /// "eval". Throws DataError, which begins with the dataset's name, where too few samples are
  /// there.
  std::vector<SplitSize> sizes(const std::string& dataset, std::int64_t samples) const;
};

/// The same of samples that are drawn at random.
struct RandomHoldout {
  Holdout holdout;
  std::int64_t seed = 0;

  static constexpr auto fields() {
    return std::tuple{part(&RandomHoldout::holdout),
                      field("seed", &RandomHoldout::seed, "which samples these are")};
  }
};

/// The rows of each split: training has those that the others, drawn first, leave. In the order of
/// the rows.
std::vector<std::vector<std::int64_t>> draw_rows(const std::vector<SplitSize>& sizes,
                                                 std::int64_t seed);

/// Splits that follow one another: first what is trained on.
std::vector<Split> cut_in_order(const std::shared_ptr<const SampleSource>& all,
                                const std::vector<SplitSize>& sizes);

}  // namespace runner
