#include "registry/layers/statistics_scope.hpp"

namespace runner {
namespace {

thread_local const StatisticsScope* innermost = nullptr;

}  // namespace

StatisticsScope::StatisticsScope(SumOverRanks sum) : sum_(std::move(sum)), outer_(innermost) {
  innermost = this;
}

StatisticsScope::~StatisticsScope() { innermost = outer_; }

const StatisticsScope* StatisticsScope::current() { return innermost; }

}  // namespace runner
