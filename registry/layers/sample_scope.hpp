#pragma once

#include <cstdint>
#include <map>

namespace runner {

/// A forward pass, and how far it has come.
struct ForwardPass {
  std::uint64_t key;   ///< a stream of its own for this step, see derive()
  std::int64_t first;  ///< the position in the global batch of the first sample that goes through
  std::map<std::uint64_t, std::int64_t> calls{};  ///< of each random layer, by the key of its path
};

/// While it lives, the random layers that this thread runs draw numbers that belong to samples: a
/// function of the step's key, the layer's path, how often the layer was called before in this
/// forward pass, and a sample's position in the global batch. They are the same however the batch
/// is split over ranks and micro-batches, and in whatever order the layers are called. One scope
/// holds one forward pass.
class SampleScope {
 public:
  SampleScope(std::uint64_t key, std::int64_t first) : SampleScope(ForwardPass{key, first}) {}
  /// Goes on with a forward pass. What backward computes again (activation checkpointing) begins
  /// from a copy of pass() that was made when it was first computed.
  explicit SampleScope(ForwardPass pass);
  /// Brings back the scope before it.
  ~SampleScope();
  SampleScope(const SampleScope&) = delete;
  SampleScope& operator=(const SampleScope&) = delete;

  /// This thread's innermost; null outside any.
  static SampleScope* current();

  const ForwardPass& pass() const { return pass_; }

  /// Notes a call of the layer with this path; gives how many there were before.
  std::int64_t count_call(std::uint64_t path_key) { return pass_.calls[path_key]++; }
  std::uint64_t layer_key(std::uint64_t path_key, std::int64_t call) const;

  std::int64_t first() const { return pass_.first; }

 private:
  ForwardPass pass_;
  SampleScope* outer_;
};

}  // namespace runner
