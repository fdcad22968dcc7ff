#include "runner/train/running_loss.hpp"

#include <cmath>
#include <limits>

#include <ATen/ATen.h>
#include <doctest/doctest.h>

using namespace runner;

namespace {

at::Tensor loss(double value) { return at::scalar_tensor(value, at::kFloat); }

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("the running loss is a mean over samples, also when the last batch is smaller") {
  RunningLoss running;
  running.add(loss(64 * 2.0), 64, 1);
  running.add(loss(32 * 5.0), 32, 2);
  CHECK(running.waiting() == 2);
  CHECK_FALSE(running.collect());
  CHECK(running.waiting() == 0);
  CHECK(running.take_mean() == doctest::Approx(3.0).epsilon(1e-15));
}

TEST_CASE("the running loss is a mean by the samples' weights") {
  RunningLoss running;
  running.add(loss(2.5 * 2.0), 2.5, 1);
  running.add(loss(0.5 * 5.0), 0.5, 2);
  CHECK_FALSE(running.collect());
  CHECK(running.take_mean() == doctest::Approx(2.5).epsilon(1e-15));
}

TEST_CASE("a mean covers all that was collected since the last was taken") {
  RunningLoss running;
  running.add(loss(10), 10, 1);
  running.collect();
  running.add(loss(50), 10, 2);
  running.collect();
  CHECK(running.take_mean() == 3.0);
  running.add(loss(80), 10, 3);
  running.collect();
  CHECK(running.take_mean() == 8.0);
}

TEST_CASE("many small losses add up in double precision") {
  RunningLoss running;
  running.add(loss(1 << 24), 1, 1);
  for (int step = 2; step <= 1001; ++step) running.add(loss(1), 1, step);
  running.collect();
  CHECK(running.take_mean() == ((1 << 24) + 1000) / 1001.0);
}

TEST_CASE("the first NaN loss names its step") {
  RunningLoss running;
  running.add(loss(1), 64, 41);
  CHECK_FALSE(running.collect());
  for (const double value : {1.0, not_a_number, infinity, not_a_number})
    running.add(loss(value), 64, 42 + static_cast<int>(running.waiting()));
  const auto found = running.collect();
  REQUIRE(found);
  CHECK(found->step == 43);
  CHECK(found->value == "NaN");
}

TEST_CASE("an infinite loss is told from a NaN, whatever its sign") {
  for (const double value : {infinity, -infinity}) {
    RunningLoss running;
    running.add(loss(value), 64, 7);
    const auto found = running.collect();
    REQUIRE(found);
    CHECK(found->step == 7);
    CHECK(found->value == "infinite");
  }
}

TEST_CASE("a running loss holds no graph") {
  RunningLoss running;
  const auto weight = at::ones({1000}).requires_grad_();
  const auto sum = weight.sum();
  running.add(sum, 1, 1);
  CHECK_FALSE(running.collect());
  CHECK(sum.requires_grad());
}
