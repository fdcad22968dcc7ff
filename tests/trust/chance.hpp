#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include <doctest/doctest.h>

namespace runner {

/// A whole number of the environment.
inline std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text && *text ? std::stoull(text) : otherwise;
}

/// How often a test of chance is tried.
inline std::uint64_t tries(std::uint64_t few) { return number_of("RUNNER_TRUST_TRIES", few); }

/// Calls `attempt(random)` so many times. Each try has a seed of its own, which a failure names:
/// RUNNER_TRUST_SEED=SEED RUNNER_TRUST_TRIES=1 repeats it.
template <typename Attempt>
void by_chance(std::uint64_t few, const Attempt& attempt) {
  const auto first = number_of("RUNNER_TRUST_SEED", std::random_device{}());
  const auto count = tries(few);
  MESSAGE(count << " tries, seeds from " << first);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    INFO("RUNNER_TRUST_SEED=" << seed << " RUNNER_TRUST_TRIES=1 repeats this");
    std::mt19937_64 random(seed);
    attempt(random);
  }
}

/// A number below `end`.
template <typename Random>
std::size_t below(Random& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

}  // namespace runner
