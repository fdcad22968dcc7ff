#include "runner/sweep/failure_class.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace runner {
namespace {

/// What the kernel's kill, LibTorch's allocators and cuBLAS say.
constexpr std::array<std::string_view, 5> out_of_memory_words{
    "out of memory", "can't allocate memory", "not enough memory", "bad_alloc",
    "CUBLAS_STATUS_ALLOC_FAILED"};

}  // namespace

std::string classify(const Outcome& outcome) {
  const auto says = [&](std::string_view words) {
    return outcome.reason.find(words) != std::string::npos;
  };
  if (std::any_of(out_of_memory_words.begin(), out_of_memory_words.end(), says))
    return "out_of_memory";
  if (!outcome.failure) return "infrastructure";
  switch (*outcome.failure) {
    case FailureKind::agreed:
      return "nan";
    case FailureKind::exception:
    case FailureKind::mistake:
      return "config";
    default:
      return "infrastructure";
  }
}

std::string answer_to(const std::string& failure_class, const OnFailure& policy) {
  if (failure_class == "config") return policy.config;
  if (failure_class == "nan") return policy.nan;
  if (failure_class == "out_of_memory") return policy.out_of_memory;
  return policy.infrastructure;
}

}  // namespace runner
