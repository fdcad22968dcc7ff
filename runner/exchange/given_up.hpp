#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace runner {

/// Where a run went on from an earlier step, told by the place in its log (a row, an event): what
/// stands before that place and is of that step or a later one was given up.
class GivenUp {
 public:
  /// Places come in their order.
  void add(std::size_t place, std::int64_t step) { all_.push_back({place, step, step}); }

  /// After the last.
  void complete() {
    for (auto i = all_.size(); i-- > 1;)
      all_[i - 1].least = std::min(all_[i - 1].least, all_[i].least);
  }

  /// The number of the first that gives up what stands at the place; empty where that stays.
  std::optional<std::size_t> which(std::size_t place, std::int64_t step) const {
    auto next = std::ranges::upper_bound(all_, place, {}, &GoingBack::place);
    if (next == all_.end() || next->least > step) return std::nullopt;
    while (next->step > step) ++next;
    return static_cast<std::size_t>(next - all_.begin());
  }

  bool contains(std::size_t place, std::int64_t step) const {
    return which(place, step).has_value();
  }

 private:
  struct GoingBack {
    std::size_t place;
    std::int64_t step;
    std::int64_t least;  ///< step of this one and those behind it
  };
  std::vector<GoingBack> all_;
};

}  // namespace runner
