#pragma once

#include <cstdint>

namespace runner {

/// While it lives, the random layers that this thread runs draw numbers that belong to samples: a
/// function of the key, the layer and a sample's position in the global batch, the same however the
/// batch is split over ranks and micro-batches. One scope holds one forward pass.
class SampleScope {
 public:
  /// `key`: a stream of its own for this step, see derive(); `first`: the position in the global
  /// batch of the first sample of what goes through the network.
  SampleScope(std::uint64_t key, std::int64_t first);
  /// Brings back the scope before it.
  ~SampleScope();
  SampleScope(const SampleScope&) = delete;
  SampleScope& operator=(const SampleScope&) = delete;

  /// This thread's innermost; null outside any.
  static SampleScope* current();

  /// The n-th call gives n, so a layer has the same on every rank.
  std::int64_t next_layer() { return layers_++; }
  std::uint64_t layer_key(std::int64_t layer) const;

  std::int64_t first() const { return first_; }

 private:
  std::uint64_t key_;
  std::int64_t first_;
  std::int64_t layers_ = 0;
  SampleScope* outer_;
};

}  // namespace runner
