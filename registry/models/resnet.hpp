#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/field.hpp"
#include "registry/models/input_fit.hpp"

#include <memory>

namespace runner {

struct Network;

/// He et al., "Deep Residual Learning for Image Recognition", 2015, section 4.2: the residual
/// networks for CIFAR-10. Shortcuts have no parameters (option A); 269,722 parameters at depth 20
/// on [3, 32, 32] with 10 classes.
struct Resnet {
  static constexpr auto summary = "the residual network for small images of He et al., section 4.2";
  static constexpr auto gives = "logits";
  static constexpr bool batch_statistics = true;

  std::int64_t depth = 20;
  std::int64_t width = 16;

  static constexpr auto fields() {
    return std::tuple{
        field("depth", &Resnet::depth, "layers with weights: 20, 32, 44, 56, 110 or another 6n + 2",
              range(8, 1202)),
        field("width", &Resnet::width, "channels of the first of three stages; each doubles them",
              range(1, 4096)),
    };
  }

  /// What is wrong with the fields taken together; empty when nothing is.
  std::string conflict() const {
    return (depth - 2) % 6 != 0 ? "depth needs to be 6n + 2, such as 20, 32, 44, 56 or 110" : "";
  }

  std::string misfit(const SampleType& type) const { return unless_images(type); }
};

std::shared_ptr<Network> build(const Resnet& options, const SampleType& type);

}  // namespace runner
