#include "registry/datasets/friedman1.hpp"

#include "fixture.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include <doctest/doctest.h>

namespace runner::test {
namespace {

std::span<const float> numbers_of(const Array& array) {
  std::size_t size = 1;
  for (const auto extent : array.shape) size *= static_cast<std::size_t>(extent);
  return {reinterpret_cast<const float*>(array.data), size};
}

Dataset make(const Friedman1& options) { return load(options, prepare(options, {})); }

double deviation(std::span<const float> values) {
  double sum = 0, squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  const auto count = static_cast<double>(values.size());
  return std::sqrt(squares / count - sum * sum / count / count);
}

TEST_CASE("friedman1's targets are Friedman's function of the first five features") {
  const auto dataset = make({});
  CHECK(dataset.type.input()->shape == std::vector<std::int64_t>{10});
  CHECK(dataset.type.target()->count == 0);
  CHECK(dataset.type.outputs() == 1);
  CHECK(train_of(dataset).inputs.shape == std::vector<std::int64_t>{10000, 10});
  CHECK(eval_of(dataset).targets.shape == std::vector<std::int64_t>{2000, 1});
  const auto inputs = numbers_of(train_of(dataset).inputs);
  const auto targets = numbers_of(train_of(dataset).targets);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto x = inputs.subspan(i * 10, 10);
    const double wanted = 10 * std::sin(std::numbers::pi * x[0] * x[1]) +
                          20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4];
    REQUIRE(targets[i] == doctest::Approx(wanted).epsilon(1e-6));
  }
  CHECK(deviation(inputs) == doctest::Approx(std::sqrt(1.0 / 12)).epsilon(0.01));
}

TEST_CASE("friedman1's noise has the deviation asked for, and leaves the features alone") {
  const auto plain = make({});
  Friedman1 options;
  options.noise = 2;
  const auto noisy = make(options);
  std::vector<float> noise;
  for (std::size_t i = 0; i < 10000; ++i)
    noise.push_back(numbers_of(train_of(noisy).targets)[i] -
                    numbers_of(train_of(plain).targets)[i]);
  CHECK(deviation(noise) == doctest::Approx(2).epsilon(0.03));
  CHECK(std::ranges::equal(numbers_of(train_of(noisy).inputs), numbers_of(train_of(plain).inputs)));
}

TEST_CASE("another seed gives other samples, and those to evaluate on are not those to train on") {
  Friedman1 other;
  other.seed = 1;
  const auto dataset = make({});
  CHECK(numbers_of(train_of(dataset).inputs)[0] != numbers_of(train_of(make(other)).inputs)[0]);
  CHECK(numbers_of(train_of(dataset).inputs)[0] != numbers_of(eval_of(dataset).inputs)[0]);
}

TEST_CASE("friedman1 refuses what is beyond 64 GiB") {
  Friedman1 options;
  options.samples = std::int64_t{1} << 40;
  CHECK_THROWS_WITH_AS(make(options), "friedman1: samples times features is more than 64 GiB",
                       DataError);
}

}  // namespace
}  // namespace runner::test
