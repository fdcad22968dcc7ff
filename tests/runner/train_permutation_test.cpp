#include "registry/data/permutation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

using namespace runner;

namespace {

std::vector<std::int64_t> sequence(const Permutation& order) {
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < order.size(); ++i) out.push_back(order[i]);
  return out;
}

std::vector<std::int64_t> first_five(std::uint64_t key, std::int64_t size) {
  const Permutation order(key, size);
  return {order[0], order[1], order[2], order[3], order[4]};
}

/// Pearson's statistic of counts that should all be equal.
double chi_square(const std::vector<int>& counts) {
  const double expected =
      std::accumulate(counts.begin(), counts.end(), 0.0) / static_cast<double>(counts.size());
  return std::accumulate(counts.begin(), counts.end(), 0.0, [&](double sum, int count) {
    return sum + (count - expected) * (count - expected) / expected;
  });
}

/// Six standard deviations above the mean of the chi-square distribution.
double chi_square_limit(std::int64_t size) {
  const auto freedom = static_cast<double>(size - 1);
  return freedom + 6 * std::sqrt(2 * freedom);
}

double correlation(const std::vector<std::int64_t>& values, std::size_t lag) {
  const auto n = static_cast<double>(values.size());
  const double mean = (n - 1) / 2;
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += (static_cast<double>(values[i]) - mean) *
           (static_cast<double>(values[(i + lag) % values.size()]) - mean);
  return sum / (n * (n * n - 1) / 12);
}

}  // namespace

TEST_CASE("a permutation visits every element once") {
  for (const std::int64_t size : {1, 2, 3, 5, 10, 64, 1000, 60000})
    for (const std::uint64_t key : {0U, 1U, 12345U}) {
      auto elements = sequence(Permutation(key, size));
      std::sort(elements.begin(), elements.end());
      std::vector<std::int64_t> all(static_cast<std::size_t>(size));
      std::iota(all.begin(), all.end(), 0);
      CHECK(elements == all);
    }
}

TEST_CASE("any position of a permutation can be read alone") {
  const auto whole = sequence(Permutation(7, 60000));
  for (const std::int64_t position : {59999, 0, 31234, 1, 31234})
    CHECK(Permutation(7, 60000)[position] == whole[static_cast<std::size_t>(position)]);
}

TEST_CASE("each key and each epoch has an order of its own") {
  std::vector<std::vector<std::int64_t>> orders;
  for (const std::uint64_t seed : {0, 1, 2})
    for (const int epoch : {0, 1, 2})
      orders.push_back(sequence(Permutation(derive(seed, epoch), 1000)));
  for (std::size_t i = 0; i < orders.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      int agreements = 0;
      for (std::size_t k = 0; k < orders[i].size(); ++k) agreements += orders[i][k] == orders[j][k];
      CHECK(agreements < 10);
    }
}

TEST_CASE("over many keys an element lands everywhere equally often") {
  for (const std::int64_t size : {2, 3, 10, 64, 100}) {
    CAPTURE(size);
    std::vector<int> landings(static_cast<std::size_t>(size));
    std::vector<int> first_elements(static_cast<std::size_t>(size));
    for (std::uint64_t key = 0; key < 20000; ++key) {
      const auto order = sequence(Permutation(key, size));
      ++landings[static_cast<std::size_t>(std::find(order.begin(), order.end(), 0) -
                                          order.begin())];
      ++first_elements[static_cast<std::size_t>(order[0])];
    }
    CHECK(chi_square(landings) < chi_square_limit(size));
    CHECK(chi_square(first_elements) < chi_square_limit(size));
  }
}

TEST_CASE("over many keys every order of three elements comes equally often") {
  std::vector<int> counts(9);
  for (std::uint64_t key = 0; key < 20000; ++key) {
    const Permutation order(key, 3);
    ++counts[static_cast<std::size_t>(order[0] * 3 + order[1])];
  }
  std::erase(counts, 0);
  CHECK(counts.size() == 6);
  CHECK(chi_square(counts) < chi_square_limit(6));
}

TEST_CASE("neighbours in an order are uncorrelated") {
  for (const std::uint64_t key : {0U, 1U, 2U})
    for (const std::size_t lag : {1U, 2U, 64U})
      CHECK(std::abs(correlation(sequence(Permutation(key, 60000)), lag)) < 0.02);
}

TEST_CASE("an order stays the same from version to version") {
  CHECK(first_five(0, 60000) == std::vector<std::int64_t>{49462, 11688, 19902, 14259, 46529});
  CHECK(first_five(derive(1, 0, 0), 60000) ==
        std::vector<std::int64_t>{10909, 53843, 16872, 58815, 49786});
  CHECK(first_five(42, 10) == std::vector<std::int64_t>{4, 9, 0, 6, 5});
}
