#include "registry/layers/statistics_scope.hpp"

namespace runner {
namespace {

thread_local const StatisticsScope* innermost_statistics = nullptr;

}  // namespace

StatisticsScope::StatisticsScope(SumOverRanks sum)
    : sum_(std::move(sum)), outer_(innermost_statistics) {
  innermost_statistics = this;
}

StatisticsScope::~StatisticsScope() { innermost_statistics = outer_; }

const StatisticsScope* StatisticsScope::current() { return innermost_statistics; }

}  // namespace runner
