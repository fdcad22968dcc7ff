#pragma once

#include "registry/datasets/dataset.hpp"

#include <memory>

#include <ATen/ATen.h>

namespace runner {

/// A dataset's view of a tensor.
inline Array array(const at::Tensor& tensor) {
  const auto type = tensor.scalar_type() == at::kByte   ? DType::uint8
                    : tensor.scalar_type() == at::kLong ? DType::int64
                                                        : DType::float32;
  const auto owner = std::make_shared<at::Tensor>(tensor.contiguous());
  return {type, owner->sizes().vec(), static_cast<const std::byte*>(owner->const_data_ptr()),
          owner};
}

/// Grey images of 6 x 6 and their labels, 0 to 9, in no visible order.
struct Samples {
  explicit Samples(std::int64_t count)
      : pixels((at::arange(count * 36, at::kLong) * 7919)
                   .remainder(251)
                   .to(at::kByte)
                   .view({count, 1, 6, 6})),
        labels((at::arange(count, at::kLong) * 7).remainder(10).to(at::kByte)) {}

  Split split() const { return {array(pixels), array(labels)}; }

  at::Tensor pixels, labels;
};

}  // namespace runner
