#pragma once

#include "registry/batch/field_rows.hpp"
#include "registry/datasets/dataset.hpp"
#include "registry/transforms/scaling.hpp"

#include <memory>

#include <ATen/ATen.h>

namespace runner {

/// A source's view of a tensor.
inline Array array(const at::Tensor& tensor) {
  auto type = DType::boolean;
  while (scalar_type(type) != tensor.scalar_type())
    type = static_cast<DType>(static_cast<int>(type) + 1);
  const auto owner = std::make_shared<at::Tensor>(tensor.contiguous());
  return {type, owner->sizes().vec(), static_cast<const std::byte*>(owner->const_data_ptr()),
          owner};
}

/// A dataset of inputs [N, ...] and classes, which are trained on and evaluated.
inline Dataset dataset_of(const at::Tensor& inputs, const at::Tensor& classes,
                          Meaning meaning = Meaning::image) {
  const auto source =
      std::make_shared<ArraySource>(std::vector<Array>{array(inputs), array(classes)});
  const auto extents = inputs.sizes().slice(1).vec(), places = classes.sizes().slice(1).vec();
  Dataset dataset{{{{"input", meaning, array(inputs).dtype, extents},
                    {"class", Meaning::classes, array(classes).dtype, places, 10}},
                   {{"train", inputs.size(0)}, {"eval", inputs.size(0)}}},
                  {{"train", source}, {"eval", source}}};
  return dataset;
}

/// Grey images of 6 x 6 and their labels, 0 to 9, in no visible order.
struct Samples {
  explicit Samples(std::int64_t count)
      : pixels((at::arange(count * 36, at::kLong) * 7919)
                   .remainder(251)
                   .to(at::kByte)
                   .view({count, 1, 6, 6})),
        labels((at::arange(count, at::kLong) * 7).remainder(10).to(at::kByte)) {}

  Dataset dataset(double mean, double std) const {
    auto dataset = dataset_of(pixels, labels);
    dataset.transforms = normalised(mean, std);
    return dataset;
  }

  at::Tensor pixels, labels;
};

}  // namespace runner
