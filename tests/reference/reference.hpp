#pragma once

#include "registry/builders.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <string>

#include <ATen/ATen.h>
#include <doctest/doctest.h>

namespace runner::reference {

/// A number format, as the reference files name it, and how near to PyTorch's our values must be.
struct Format {
  std::string name;
  at::ScalarType type;
  double tolerance;
};

/// NAME.json, written by make_reference.py.
inline Json load(const std::string& name) {
  std::ifstream file(RUNNER_SOURCE_DIR "/tests/reference/" + name + ".json");
  return Json::parse(file);
}

/// make_reference.py's numbers in [-1, 1): exact arithmetic, so the same everywhere.
inline at::Tensor scatter(at::IntArrayRef shape, std::int64_t stream,
                          at::ScalarType type = at::kDouble) {
  const auto k = at::arange(c10::multiply_integers(shape), at::kLong);
  const auto residue = (k * k * 31 + k * 7919 + stream * 104729).remainder(10007);
  return (residue.to(at::kDouble) / 10007 * 2 - 1).view(shape).to(type);
}

/// "Float", "Double" or "BFloat16"; as text, since doctest cannot show c10's enum.
inline std::string type_of(const at::Tensor& tensor) { return c10::toString(tensor.scalar_type()); }

inline at::Tensor numbers(const Json& list) {
  return at::tensor(list.get<std::vector<double>>(), at::kDouble);
}

/// The largest difference, relative to the largest expected number.
inline double distance(const at::Tensor& actual, const at::Tensor& expected) {
  const auto a = actual.detach().to(at::kDouble).flatten();
  const auto e = expected.detach().to(at::kDouble).flatten();
  REQUIRE(a.numel() == e.numel());
  return ((a - e).abs().max() / e.abs().max()).item<double>();
}

inline double distance(const at::Tensor& actual, const Json& expected) {
  return distance(actual, expected.is_array() ? numbers(expected)
                                              : at::tensor(expected.get<double>(), at::kDouble));
}

/// The largest relative difference from make_reference.py's digest of the expected tensor.
inline double digest_distance(const at::Tensor& actual, const Json& digest) {
  const auto flat = actual.detach().to(at::kDouble).flatten();
  const auto sample = flat.slice(0, 0, flat.numel(), flat.numel() / 16 | 1);
  const auto norm = digest.at("norm").get<double>();
  const auto dot = flat.dot(scatter(flat.sizes(), 99)).item<double>();
  return std::max({distance(sample, digest.at("sample")),
                   std::abs(flat.norm().item<double>() - norm) / norm,
                   std::abs(dot - digest.at("dot").get<double>()) / norm});
}

/// Samples that are images of float32, of so many classes.
inline SampleType images(std::vector<std::int64_t> shape, std::int64_t classes) {
  return {{{"image", Meaning::image, DType::float32, std::move(shape)},
           {"class", Meaning::classes, DType::int64, {}, classes}},
          {}};
}

/// Targets that are classes, or numbers, and are called "target".
inline JudgedType of_classes(std::int64_t classes, std::int64_t class_axis = 1) {
  return {{"target", Meaning::classes, DType::int64, {}, classes}, classes, class_axis};
}
inline JudgedType of_numbers(std::int64_t numbers) {
  return {{"target", Meaning::numbers, DType::float32, {numbers}}, numbers};
}

/// What a network of one input gives for it.
inline at::Tensor output_of(Network& network, const at::Tensor& input) {
  return dynamic_cast<TensorNetwork&>(network).forward(input);
}

/// A batch of these images alone.
inline Batch batch_of(const at::Tensor& inputs) {
  Batch batch(inputs.size(0));
  batch.add("image", inputs);
  return batch;
}

/// A batch of these targets alone.
inline Batch targets_alone(const at::Tensor& targets) {
  Batch batch(targets.size(0));
  batch.add("target", targets);
  return batch;
}

inline at::Tensor sum_of(const Loss& loss, const at::Tensor& output, const at::Tensor& targets) {
  return loss.sum({output}, targets_alone(targets));
}

/// make_reference.py's set_weights().
inline void set_weights(Network& network) {
  const at::NoGradGuard no_grad;
  std::int64_t stream = 0;
  for (auto& parameter : network.parameters()) {
    const auto fan_in = static_cast<double>(parameter.numel() / parameter.size(0));
    const double scale = parameter.dim() > 1 ? std::sqrt(6 / fan_in) : 0.1;
    parameter.copy_(scatter(parameter.sizes(), stream++) * scale);
  }
}

}  // namespace runner::reference
