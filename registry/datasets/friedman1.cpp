#include "registry/datasets/friedman1.hpp"

#include "registry/random.hpp"
#include "registry/transforms/scaling.hpp"

#include <cmath>
#include <memory>
#include <numbers>

#include <fmt/format.h>

namespace runner {
namespace {

enum class FriedmanStream : std::uint64_t { train, eval };
/// Beside a sample's features: the two numbers that its noise is made of.
constexpr std::int64_t first_of_noise = -2, second_of_noise = -1;

/// Even in [0, 1).
double even(std::uint64_t key, std::int64_t sample, std::int64_t feature) {
  return static_cast<double>(derive(key, sample, feature) >> 11) * 0x1p-53;
}

/// Normal, with deviation 1 (Box and Muller, 1958).
double normal(std::uint64_t key, std::int64_t sample) {
  const double radius = std::sqrt(-2 * std::log(1 - even(key, sample, first_of_noise)));
  return radius * std::cos(2 * std::numbers::pi * even(key, sample, second_of_noise));
}

double function(const float* x) {
  return 10 * std::sin(std::numbers::pi * x[0] * x[1]) + 20 * std::pow(x[2] - 0.5, 2) + 10 * x[3] +
         5 * x[4];
}

Array make_array(std::vector<std::int64_t> shape, const std::shared_ptr<float[]>& numbers) {
  return {DType::float32, std::move(shape), reinterpret_cast<const std::byte*>(numbers.get()),
          numbers};
}

std::shared_ptr<const SampleSource> make_split(const Friedman1& options, std::int64_t size,
                                               FriedmanStream stream) {
  const auto key = derive(static_cast<std::uint64_t>(options.seed), stream);
  const std::shared_ptr<float[]> inputs(
      new float[static_cast<std::size_t>(size * options.features)]);
  const std::shared_ptr<float[]> targets(new float[static_cast<std::size_t>(size)]);
  for (std::int64_t i = 0; i < size; ++i) {
    auto* const sample = inputs.get() + i * options.features;
    for (std::int64_t j = 0; j < options.features; ++j)
      sample[j] = static_cast<float>(even(key, i, j));
    const double noise = options.noise > 0 ? options.noise * normal(key, i) : 0;
    targets[i] = static_cast<float>(function(sample) + noise);
  }
  return std::make_shared<ArraySource>(
      std::vector{make_array({size, options.features}, inputs), make_array({size, 1}, targets)});
}

}  // namespace

Prepared prepare(const Friedman1& options, const Preparation&) {
  constexpr std::int64_t most_numbers = std::int64_t{16} << 30;
  if (options.samples > most_numbers / options.features ||
      options.eval_samples > most_numbers / options.features - options.samples)
    throw DataError("friedman1: samples times features is more than 64 GiB");
  return {"friedman1", fmt::format("made from seed {}", options.seed), {}};
}

SampleType sample_type(const Friedman1& options) {
  return {{{"features", Meaning::features, DType::float32, {options.features}},
           {"numbers", Meaning::numbers, DType::float32, {1}}},
          {{"train", options.samples}, {"eval", options.eval_samples}}};
}

Dataset load(const Friedman1& options, const Prepared&) {
  const double deviation = std::sqrt(1.0 / 12);  // of numbers even in [0, 1)
  return {sample_type(options),
          {{"train", make_split(options, options.samples, FriedmanStream::train)},
           {"eval", make_split(options, options.eval_samples, FriedmanStream::eval)}},
          normalised(0.5, deviation)};
}

}  // namespace runner
