#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/field.hpp"
#include "registry/models/input_fit.hpp"

#include <memory>

namespace runner {

struct Network;

/// The network of PyTorch's MNIST example (pytorch/examples, mnist/main.py); 1,199,882 parameters
/// on [1, 28, 28].
struct MnistCnn {
  static constexpr auto summary =
      "the classic MNIST example's network: two convolutions and two linear layers";
  static constexpr auto gives = "log-probabilities";

  double dropout1 = 0.25;
  double dropout2 = 0.5;

  static constexpr auto fields() {
    return std::tuple{
        field("dropout1", &MnistCnn::dropout1, "drop probability after the pooling", range(0, 1)),
        field("dropout2", &MnistCnn::dropout2, "drop probability before the last layer",
              range(0, 1)),
    };
  }

  std::string misfit(const SampleType& type) const {
    if (auto why = unless_images(type); !why.empty()) return why;
    const auto& shape = type.input()->shape;
    return shape[1] < 6 || shape[2] < 6 ? "needs images of at least 6 x 6" : "";
  }
};

std::shared_ptr<Network> build(const MnistCnn& options, const SampleType& type);

}  // namespace runner
