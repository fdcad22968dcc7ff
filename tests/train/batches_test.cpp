#include "runner/train/batches.hpp"

#include "runner/train/evaluation.hpp"
#include "tests/reference/reference.hpp"
#include "tests/train/samples.hpp"

using namespace runner;
using reference::distance;
using reference::type_of;

namespace {

constexpr double mean = 0.1307, std_deviation = 0.3081;

at::Tensor expected_inputs(const Samples& samples, std::int64_t index) {
  const auto raw = samples.pixels[index].to(at::kDouble);
  return (raw / 255 - mean) / std_deviation;
}

}  // namespace

TEST_CASE("batches follow the permutation and keep the smaller last one") {
  const Samples samples(103);
  const Batches batches(samples.split(), mean, std_deviation, at::kCPU);
  const Permutation order(5, batches.samples());
  std::int64_t position = 0;
  for (const std::int64_t size : {32, 32, 32, 7}) {
    auto numbers = at::empty({size}, at::kLong);
    write_samples(order, position, numbers);
    const auto batch = batches.gather(numbers);
    REQUIRE(batch.size() == size);
    CHECK(batch.inputs.sizes().vec() == std::vector<std::int64_t>{size, 1, 6, 6});
    for (std::int64_t i = 0; i < size; ++i, ++position) {
      CHECK(distance(batch.inputs[i], expected_inputs(samples, order[position])) < 1e-6);
      CHECK(batch.targets[i].equal(samples.labels[order[position]].to(at::kLong)));
    }
  }
  CHECK(position == batches.samples());
}

TEST_CASE("a slice holds the samples as they are stored") {
  const Samples samples(10);
  const auto batch = Batches(samples.split(), mean, std_deviation, at::kCPU).slice(4, 7);
  CHECK(batch.size() == 3);
  CHECK(type_of(batch.targets) == "Long");
  for (std::int64_t i = 0; i < 3; ++i)
    CHECK(distance(batch.inputs[i], expected_inputs(samples, 4 + i)) < 1e-6);
}

TEST_CASE("every grey level becomes (x / 255 - mean) / std") {
  const auto levels = at::arange(256, at::kByte).view({256, 1});
  const auto batch =
      Batches({array(levels), array(levels.flatten())}, mean, std_deviation, at::kCPU)
          .slice(0, 256);
  const auto exact = (levels.to(at::kDouble) / 255 - mean) / std_deviation;
  CHECK(type_of(batch.inputs) == "Float");
  CHECK((batch.inputs - exact).abs().max().item<double>() < 1e-6);
}

TEST_CASE("floating-point inputs are normalised without the division by 255") {
  const auto inputs = reference::scatter({8, 3}, 0, at::kFloat);
  const Split split{array(inputs), array(at::arange(8, at::kLong))};
  const auto batch = Batches(split, 0.5, 2.0, at::kCPU).slice(0, 8);
  CHECK(distance(batch.inputs, (inputs.to(at::kDouble) - 0.5) / 2.0) < 1e-6);
}

TEST_CASE("making batches leaves the stored samples as they are") {
  const Samples samples(10);
  const auto before = samples.pixels.clone();
  const Batches batches(samples.split(), mean, std_deviation, at::kCPU);
  batches.slice(0, 10);
  batches.gather(at::arange(10));
  CHECK(samples.pixels.equal(before));
  const auto inputs = reference::scatter({4, 3}, 0, at::kFloat);
  Batches({array(inputs), array(at::arange(4, at::kLong))}, 0.5, 2.0, at::kCPU).slice(0, 4);
  CHECK(inputs.equal(reference::scatter({4, 3}, 0, at::kFloat)));
}
