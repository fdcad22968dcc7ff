#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/field.hpp"
#include "registry/models/input_fit.hpp"

#include <memory>

namespace runner {

struct Network;

/// For each of `channels` a convolution, relu and a 2 x 2 max-pool, as LeNet has them (LeCun et
/// al., 1998); then linear layers with relu between them.
struct Cnn {
  static constexpr auto summary = "blocks of convolution, relu and max-pool, and linear layers";
  static constexpr auto gives = "logits";

  std::vector<std::int64_t> channels{32, 64};
  std::int64_t kernel_size = 3;
  std::int64_t padding = 0;
  std::vector<std::int64_t> hidden{128};
  double dropout = 0.0;

  static constexpr auto fields() {
    return std::tuple{
        field("channels", &Cnn::channels, "output channels of each convolution", range(1, 1 << 14)),
        field("kernel_size", &Cnn::kernel_size, "height and width of every kernel", range(1, 31)),
        field("padding", &Cnn::padding, "zeros added on each side before a convolution",
              range(0, 15)),
        field("hidden", &Cnn::hidden, "width of each hidden linear layer", range(1, 1 << 20)),
        field("dropout", &Cnn::dropout, "drop probability before each linear layer", range(0, 1)),
    };
  }

  /// Of a side of the images after all blocks.
  std::int64_t side_after(std::int64_t side) const;

  /// The images have to be large enough for all blocks.
  std::string misfit(const SampleType& type) const;
};

std::shared_ptr<Network> build(const Cnn& options, const SampleType& type);

}  // namespace runner
