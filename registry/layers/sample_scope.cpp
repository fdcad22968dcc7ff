#include "registry/layers/sample_scope.hpp"

#include "registry/random.hpp"

namespace runner {
namespace {

thread_local SampleScope* innermost_samples = nullptr;

}  // namespace

SampleScope::SampleScope(std::uint64_t key, std::int64_t first)
    : key_(key), first_(first), outer_(innermost_samples) {
  innermost_samples = this;
}

SampleScope::~SampleScope() { innermost_samples = outer_; }

SampleScope* SampleScope::current() { return innermost_samples; }

std::uint64_t SampleScope::layer_key(std::int64_t layer) const { return derive(key_, layer); }

}  // namespace runner
