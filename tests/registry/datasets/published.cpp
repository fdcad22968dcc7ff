#include "fixture.hpp"
#include "registry/datasets/catalog.hpp"
#include "registry/datasets/datasets.hpp"

#include <cmath>
#include <cstdlib>

#include <doctest/doctest.h>

// The real data: each case is skipped where the machine has none.
namespace runner::test {
namespace {

const std::string data_dir = std::getenv("RUNNER_DATA_DIR") ? std::getenv("RUNNER_DATA_DIR") : "";
const bool has_mnist = fs::is_directory(fs::path(data_dir) / "mnist");
const bool has_fashion = fs::is_directory("/usr/share/datasets/fashion-mnist");

struct Moments {
  double mean, std;
};

Moments moments_of(const Array& images) {
  std::array<double, 256> histogram{};
  const auto count = images.shape[0] * images.shape[2] * images.shape[3];
  for (std::int64_t i = 0; i < count; ++i)
    ++histogram[std::to_integer<std::size_t>(images.data[i])];
  double mean = 0, square = 0;
  for (std::size_t value = 0; value < 256; ++value) {
    const double pixel = static_cast<double>(value) / 255,
                 share = histogram[value] / static_cast<double>(count);
    mean += share * pixel;
    square += share * pixel * pixel;
  }
  return {mean, std::sqrt(square - mean * mean)};
}

std::vector<int> first_labels(const SplitArrays& split, std::size_t count) {
  std::vector<int> labels;
  for (std::size_t i = 0; i < count; ++i)
    labels.push_back(std::to_integer<int>(split.targets.data[i]));
  return labels;
}

void check_shape_and_moments(const Dataset& dataset) {
  CHECK(train_of(dataset).inputs.shape == std::vector<std::int64_t>{60000, 1, 28, 28});
  CHECK(eval_of(dataset).inputs.shape == std::vector<std::int64_t>{10000, 1, 28, 28});
  const auto [mean, std] = moments_of(train_of(dataset).inputs);
  CHECK(std::abs(mean - dataset.transforms[0]["mean"][0].get<double>()) < 0.0001);
  CHECK(std::abs(std - dataset.transforms[0]["std"][0].get<double>()) < 0.0001);
}

TEST_CASE("real MNIST is found, unpacked and mapped" * doctest::skip(!has_mnist)) {
  Sandbox sandbox;
  sandbox.set("RUNNER_DATA_DIR", data_dir);
  const Json component{{"name", "mnist"}};
  const auto prepared = prepare_dataset(component, sandbox.preparation());
  CHECK(prepared.source == data_dir + "/mnist");
  const auto dataset = load_dataset(component, prepared);
  check_shape_and_moments(dataset);
  CHECK(first_labels(train_of(dataset), 8) == std::vector{5, 0, 4, 1, 9, 2, 1, 3});
  CHECK(first_labels(eval_of(dataset), 8) == std::vector{7, 2, 1, 0, 4, 1, 4, 9});
}

TEST_CASE("real Fashion-MNIST is taken from Debian's package" * doctest::skip(!has_fashion)) {
  Sandbox sandbox;
  const Json component{{"name", "fashion_mnist"}};
  const auto prepared = prepare_dataset(component, sandbox.preparation());
  CHECK(prepared.source == "/usr/share/datasets/fashion-mnist");
  const auto dataset = load_dataset(component, prepared);
  check_shape_and_moments(dataset);
  CHECK(first_labels(train_of(dataset), 8) == std::vector{9, 0, 0, 3, 0, 2, 7, 2});
}

TEST_CASE("mnist falls back to the real Fashion-MNIST where no mirror answers" *
          doctest::skip(!has_fashion)) {
  Sandbox sandbox;
  sandbox.set("RUNNER_MIRROR", "http://127.0.0.1:9");
  const Json component{{"name", "mnist"}, {"mean", 0.1307}, {"fallback", "fashion_mnist"}};
  const auto prepared = prepare_dataset(component, sandbox.preparation());
  CHECK(prepared.dataset == "fashion_mnist");
  REQUIRE(sandbox.warnings.size() == 1);
  CHECK(sandbox.warnings[0].starts_with("THIS RUN USES fashion_mnist INSTEAD OF mnist"));
  CHECK(load_dataset(component, prepared).transforms[0]["mean"][0] == 0.286);
}

}  // namespace
}  // namespace runner::test
