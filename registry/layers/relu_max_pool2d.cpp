#include "registry/layers/relu_max_pool2d.hpp"

#include "registry/graph/step_inputs.hpp"
#include "registry/in_parallel.hpp"
#include "registry/layers/pool_windows.hpp"

#include <array>
#include <utility>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

namespace runner {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Images in memory as rows of pixels, `planes` times `height`; a plane is an image's channel, or
/// in channels_last all channels of an image.
struct Rows {
  std::int64_t planes, height, width, channels;

  explicit Rows(const at::Tensor& images)
      : planes(images.size(0)),
        height(images.size(2)),
        width(images.size(3)),
        channels(images.size(1)) {
    if (images.suggest_memory_format() == at::MemoryFormat::ChannelsLast) return;
    planes *= std::exchange(channels, 1);
  }

  WindowRow windows() const { return {width / 2, channels}; }
  std::int64_t pooled_size() const { return width / 2 * channels; }
  std::int64_t size() const { return width * channels; }

  /// Works on each row of windows: where its outputs begin, and where its upper pixels do.
  template <class Work>
  void for_each(Work work) const {
    const auto range = [&](std::int64_t begin, std::int64_t end) {
      for (auto row = begin; row < end; ++row) {
        const auto plane = row / (height / 2), y = row % (height / 2);
        work(row * pooled_size(), (plane * height + 2 * y) * size());
      }
    };
    in_parallel(planes * (height / 2), range, 4 * pooled_size());
  }
};

template <class T>
void pool(const Rows& rows, const at::Tensor& images, at::Tensor& out, at::Tensor& winners) {
  const auto* pixels = images.const_data_ptr<T>();
  auto* values = out.mutable_data_ptr<T>();
  auto* which = winners.mutable_data_ptr<Winner>();
  rows.for_each([&](std::int64_t pooled, std::int64_t upper) {
    pool_windows(rows.windows(), pixels + upper, pixels + upper + rows.size(), values + pooled,
                 which + pooled);
  });
}

template <class T>
void unpool(const Rows& rows, const at::Tensor& gradient, const at::Tensor& winners,
            at::Tensor& images) {
  const auto* values = gradient.const_data_ptr<T>();
  const auto* which = winners.const_data_ptr<Winner>();
  auto* pixels = images.mutable_data_ptr<T>();
  rows.for_each([&](std::int64_t pooled, std::int64_t upper) {
    unpool_windows(rows.windows(), values + pooled, which + pooled, pixels + upper,
                   pixels + upper + rows.size());
  });
}

#define RUNNER_DISPATCH(type, ...) \
  AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, type, "relu_max_pool2d", __VA_ARGS__)

struct ReluMaxPool2d : torch::autograd::Function<ReluMaxPool2d> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& given) {
    const auto format = given.suggest_memory_format();
    const auto images = given.contiguous(format);
    const auto shape =
        std::array{images.size(0), images.size(1), images.size(2) / 2, images.size(3) / 2};
    auto out = at::empty(shape, images.options().memory_format(format));
    auto winners = at::empty(shape, images.options().dtype(at::kByte).memory_format(format));
    RUNNER_DISPATCH(images.scalar_type(),
                    [&] { pool<scalar_t>(Rows(images), images, out, winners); });
    context->save_for_backward({winners});
    context->saved_data["shape"] = images.sizes();
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto winners = context->get_saved_variables().front();
    const auto format = winners.suggest_memory_format();
    const auto gradient = gradients.front().contiguous(format);
    const auto shape = context->saved_data["shape"].toIntVector();
    const bool covered = shape[2] % 2 == 0 && shape[3] % 2 == 0;
    auto images = at::empty(shape, gradient.options().memory_format(format));
    if (!covered) images.zero_();  // at::zeros would forget the format
    RUNNER_DISPATCH(images.scalar_type(),
                    [&] { unpool<scalar_t>(Rows(images), gradient, winners, images); });
    return {images};
  }
};

bool has_kernel(const at::Tensor& images) {
  const auto type = images.scalar_type();
  return has_own_loops(images) &&
         (type == at::kFloat || type == at::kDouble || type == at::kBFloat16);
}

}  // namespace

at::Tensor relu_max_pool2d(const at::Tensor& images) {
  TORCH_CHECK(images.dim() == 4 && images.size(2) > 1 && images.size(3) > 1,
              "relu_max_pool2d takes images [N, C, H, W] of at least 2 x 2, got ", images.sizes());
  return has_kernel(images) ? ReluMaxPool2d::apply(images) : at::max_pool2d(images.relu(), 2);
}

}  // namespace runner
