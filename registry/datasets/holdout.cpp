#include "registry/datasets/holdout.hpp"

#include "registry/counted.hpp"
#include "registry/data/permutation.hpp"
#include "registry/datasets/prepared.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace runner {

std::vector<SplitSize> Holdout::sizes(const std::string& dataset, std::int64_t samples) const {
  const auto part = [&](double share) {
    return static_cast<std::int64_t>(std::ceil(share * static_cast<double>(samples)));
  };
  const auto validating = part(validation), testing = part(test);
  const auto training = samples - validating - testing;
  if (training < 1)
    throw DataError(
        fmt::format("{}: of {}, none is left to train on", dataset, counted(samples, "sample")));
  if (testing == 0) return {{"train", training}, {"eval", validating}};
  if (validating == 0) return {{"train", training}, {"eval", testing}};
  return {{"train", training}, {"validation", validating}, {"test", testing}};
}

std::vector<std::vector<std::int64_t>> draw_rows(const std::vector<SplitSize>& sizes,
                                                 std::int64_t seed) {
  std::int64_t samples = 0;
  for (const auto& split : sizes) samples += split.samples;
  const Permutation order(static_cast<std::uint64_t>(seed), samples);
  std::vector<std::vector<std::int64_t>> rows(sizes.size());
  std::int64_t next = 0;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    for (std::int64_t n = 0; n < sizes[i].samples; ++n) rows[i].push_back(order[next++]);
    std::ranges::sort(rows[i]);
  }
  return rows;
}

std::vector<Split> cut_in_order(const std::shared_ptr<const SampleSource>& all,
                                const std::vector<SplitSize>& sizes) {
  std::vector<Split> splits;
  std::int64_t begin = 0;
  for (const auto& [name, samples] : sizes) {
    splits.push_back({name, rows_between(all, begin, begin + samples)});
    begin += samples;
  }
  return splits;
}

}  // namespace runner
