#include "registry/layers/sample_scope.hpp"

#include "registry/random.hpp"

#include <utility>

namespace runner {
namespace {

thread_local SampleScope* innermost_samples = nullptr;

}  // namespace

SampleScope::SampleScope(ForwardPass pass) : pass_(std::move(pass)), outer_(innermost_samples) {
  innermost_samples = this;
}

SampleScope::~SampleScope() { innermost_samples = outer_; }

SampleScope* SampleScope::current() { return innermost_samples; }

std::uint64_t SampleScope::layer_key(std::uint64_t path_key, std::int64_t call) const {
  return derive(pass_.key, path_key, call);
}

}  // namespace runner
