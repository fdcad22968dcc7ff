#include "registry/datasets/synthetic.hpp"

#include "fixture.hpp"
#include "registry/datasets/digest.hpp"

#include <cmath>

#include <doctest/doctest.h>

namespace runner::test {
namespace {

Dataset make(const Synthetic& options) { return load(options, prepare(options, {})); }

std::span<const std::byte> bytes_of(const Array& array) {
  std::size_t size = 1;
  for (const auto extent : array.shape) size *= static_cast<std::size_t>(extent);
  return {array.data, size};
}

TEST_CASE("synthetic data is the same on every machine") {
  const auto dataset = make({});
  CHECK(sha256(bytes_of(train_of(dataset).inputs)) ==
        "ff0a2e934bf109a4701dbc26bfed75fe8ac68501e8c1ea03548f50a7f9dce8b5");
  CHECK(sha256(bytes_of(eval_of(dataset).inputs)) ==
        "1a571a091f7d2ca8388ce88fb31d28a8305fb20d6022a24b118a04a1eb5bd0b1");
}

TEST_CASE("another seed gives other synthetic data") {
  Synthetic other;
  other.seed = 1;
  CHECK(sha256(bytes_of(train_of(make({})).inputs)) !=
        sha256(bytes_of(train_of(make(other)).inputs)));
}

TEST_CASE("synthetic data has the shape, the classes and the normalisation that were asked for") {
  Synthetic options;
  options.shape = {3, 5};
  options.samples = 8;
  options.eval_samples = 3;
  options.classes = 3;
  const auto dataset = make(options);
  CHECK(dataset.type.input()->shape == std::vector<std::int64_t>{3, 5});
  CHECK(dataset.type.target()->count == 3);
  CHECK(train_of(dataset).inputs.shape == std::vector<std::int64_t>{8, 3, 5});
  CHECK(eval_of(dataset).inputs.shape == std::vector<std::int64_t>{3, 3, 5});
  const auto labels = bytes_of(train_of(dataset).targets);
  CHECK(std::vector<std::byte>(labels.begin(), labels.end()) ==
        std::vector<std::byte>{std::byte{0}, std::byte{1}, std::byte{2}, std::byte{0}, std::byte{1},
                               std::byte{2}, std::byte{0}, std::byte{1}});
}

TEST_CASE("the default normalisation of synthetic data is right") {
  const auto dataset = make({});
  double sum = 0, squares = 0;
  const auto pixels = bytes_of(train_of(dataset).inputs);
  for (const auto pixel : pixels) {
    const double value = std::to_integer<int>(pixel) / 255.0;
    sum += value;
    squares += value * value;
  }
  const auto count = static_cast<double>(pixels.size());
  const double mean = sum / count;
  CHECK(mean == doctest::Approx(Synthetic{}.mean).epsilon(0.02));
  CHECK(std::sqrt(squares / count - mean * mean) == doctest::Approx(Synthetic{}.std).epsilon(0.02));
}

/// Classifies by the nearest mean of the training samples.
double accuracy_of_nearest_mean(const Dataset& dataset) {
  const auto pixels = bytes_of(train_of(dataset).inputs).size() /
                      static_cast<std::size_t>(train_of(dataset).inputs.rows());
  const auto classes = static_cast<std::size_t>(dataset.type.target()->count);
  std::vector<double> means(classes * pixels);
  const auto train = bytes_of(train_of(dataset).inputs);
  for (std::size_t i = 0; i < train.size(); ++i)
    means[i / pixels % classes * pixels + i % pixels] +=
        std::to_integer<int>(train[i]) * static_cast<double>(classes) /
        static_cast<double>(train_of(dataset).inputs.rows());
  const auto eval = bytes_of(eval_of(dataset).inputs);
  int right = 0;
  for (std::size_t sample = 0; sample < static_cast<std::size_t>(eval_of(dataset).inputs.rows());
       ++sample) {
    std::vector<double> distances(classes);
    for (std::size_t c = 0; c < classes; ++c)
      for (std::size_t i = 0; i < pixels; ++i)
        distances[c] +=
            std::pow(std::to_integer<int>(eval[sample * pixels + i]) - means[c * pixels + i], 2);
    const auto nearest = std::min_element(distances.begin(), distances.end()) - distances.begin();
    right += nearest == std::to_integer<std::ptrdiff_t>(eval_of(dataset).targets.data[sample]);
  }
  return right / static_cast<double>(eval_of(dataset).inputs.rows());
}

TEST_CASE("synthetic data can be learnt") {
  Synthetic options;
  options.samples = 2000;
  options.eval_samples = 500;
  CHECK(accuracy_of_nearest_mean(make(options)) > 0.99);
}

TEST_CASE("impossible synthetic data is refused before anything is allocated") {
  Synthetic huge;
  huge.shape = {1'000'000'000, 1'000'000'000, 1'000'000'000};
  CHECK(error_of<DataError>([&] { prepare(huge, {}); }) ==
        "synthetic: samples times dataset.shape is more than 64 GiB");
  huge = {};
  huge.samples = std::int64_t{1} << 62;
  huge.eval_samples = std::int64_t{1} << 62;
  CHECK(error_of<DataError>([&] { prepare(huge, {}); }) ==
        "synthetic: samples times dataset.shape is more than 64 GiB");
  huge = {};
  huge.shape = {};
  CHECK(error_of<DataError>([&] { prepare(huge, {}); }) ==
        "synthetic: dataset.shape is empty; expected at least one number");
}

}  // namespace
}  // namespace runner::test
