#include "registry/models/cnn.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {

std::int64_t Cnn::side_after(std::int64_t side) const {
  for (std::size_t i = 0; i < channels.size(); ++i)
    side = (side + 2 * padding - kernel_size + 1) / 2;
  return side;
}

std::string Cnn::misfit(const SampleType& type) const {
  if (auto why = unless_images(type); !why.empty()) return why;
  const auto height = type.input()->shape[1], width = type.input()->shape[2];
  if (side_after(std::min(height, width)) >= 1) return "";
  return fmt::format(
      "leaves nothing of images of {} x {} after {} convolutions of {} x {} with pooling; fewer "
      "channels, a smaller kernel_size or padding keep some",
      height, width, channels.size(), kernel_size, kernel_size);
}

}  // namespace runner
