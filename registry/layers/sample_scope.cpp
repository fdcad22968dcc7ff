#include "registry/layers/sample_scope.hpp"

#include "registry/random.hpp"

namespace runner {
namespace {

thread_local SampleScope* innermost = nullptr;

}  // namespace

SampleScope::SampleScope(std::uint64_t key, std::int64_t first)
    : key_(key), first_(first), outer_(innermost) {
  innermost = this;
}

SampleScope::~SampleScope() { innermost = outer_; }

SampleScope* SampleScope::current() { return innermost; }

std::uint64_t SampleScope::layer_key(std::int64_t layer) const { return derive(key_, layer); }

}  // namespace runner
