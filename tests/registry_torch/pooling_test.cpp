#include "registry/layers/channels_last.hpp"
#include "registry/layers/relu_max_pool2d.hpp"
#include "tests/reference/reference.hpp"

#include <limits>

using namespace runner;

namespace {

struct Found {
  at::Tensor out, gradient;
};

template <class Operation>
Found both_ways(const at::Tensor& images, const at::Tensor& slopes, Operation operation) {
  const auto input = images.clone().set_requires_grad(true);
  const auto out = operation(input);
  (out * slopes).sum().backward();
  return {out.detach(), input.grad()};
}

at::Tensor by_torch(const at::Tensor& images) { return at::max_pool2d(images.relu(), 2); }

bool same(const at::Tensor& a, const at::Tensor& b) {
  constexpr double exactly = 0;
  constexpr bool nan_is_nan = true;
  return at::allclose(a, b, exactly, exactly, nan_is_nan);
}

void check_as_torch(const at::Tensor& images) {
  const auto slopes = at::randn_like(by_torch(images));
  const auto ours = both_ways(images, slopes, relu_max_pool2d);
  const auto theirs = both_ways(images, slopes, by_torch);
  CHECK(same(ours.out, theirs.out));
  CHECK(same(ours.gradient, theirs.gradient));
}

constexpr auto formats = {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast};

}  // namespace

TEST_CASE("relu and max-pool in one pass are torch's two, in every format, at any size") {
  at::manual_seed(1);
  for (const auto type : {at::kFloat, at::kDouble, at::kBFloat16})
    for (const auto format : formats)
      for (const auto& shape : {std::array<std::int64_t, 4>{3, 5, 4, 6},
                                {2, 64, 24, 24},
                                {1, 3, 2, 2},
                                {2, 17, 5, 7},
                                {4, 1, 40, 33}}) {
        CAPTURE(std::string(c10::toString(type)));
        CAPTURE(static_cast<int>(format));
        CAPTURE(shape[3]);
        check_as_torch(at::randn(shape, type).contiguous(format));
      }
}

TEST_CASE("of equal pixels the first wins, and a window without a pixel above 0 passes nothing") {
  for (const auto format : formats) {
    check_as_torch(at::ones({2, 3, 4, 4}).contiguous(format));
    check_as_torch(at::zeros({2, 3, 4, 4}).contiguous(format));
    check_as_torch(at::randint(-1, 2, {2, 20, 8, 8}, at::kFloat).contiguous(format));
  }
}

TEST_CASE("a NaN or an infinite pixel is not lost in pooling") {
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    for (const auto format : formats)
      for (std::int64_t pixel = 0; pixel < 4; ++pixel) {
        auto images = at::randn({2, 20, 4, 4});
        images.index_put_({1, 7, pixel / 2, pixel % 2}, value);
        check_as_torch(images.contiguous(format));
      }
}

TEST_CASE("pooling takes an empty batch, and images that are parts of others") {
  const auto none = relu_max_pool2d(at::zeros({0, 3, 4, 4}));
  CHECK(none.sizes() == (std::vector<std::int64_t>{0, 3, 2, 2}));
  check_as_torch(at::randn({4, 6, 9, 9}).slice(1, 1, 4).slice(3, 2, 8));
}

TEST_CASE("pooling refuses what are no images") {
  CHECK_THROWS_WITH_AS(relu_max_pool2d(at::zeros({3, 1, 4})),
                       doctest::Contains("takes images [N, C, H, W] of at least 2 x 2"),
                       c10::Error);
}

TEST_CASE("images become channels_last without a copy where they have one channel") {
  const auto grey = at::randn({2, 1, 3, 5});
  const auto grey_last = channels_last(grey);
  CHECK(grey_last.data_ptr() == grey.data_ptr());
  CHECK(at::equal(grey_last, grey));
  CHECK(grey_last.suggest_memory_format() == at::MemoryFormat::ChannelsLast);
  const auto coloured = at::randn({2, 3, 4, 5});
  const auto coloured_last = channels_last(coloured);
  CHECK(at::equal(coloured_last, coloured));
  CHECK(coloured_last.suggest_memory_format() == at::MemoryFormat::ChannelsLast);
}
