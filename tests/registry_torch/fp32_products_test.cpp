#include "registry/precisions/fp32_products.hpp"

#include "registry/precisions/precision.hpp"
#include "tests/reference/reference.hpp"

#include <functional>

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

using namespace runner;
using reference::scatter;
using reference::type_of;

namespace {

at::Tensor numbers(at::IntArrayRef shape, std::int64_t stream) {
  return scatter(shape, stream, at::kFloat).requires_grad_();
}

/// bfloat16's neighbours are 2^-8 apart, relative to the larger.
void check_nearly_the_same(const at::Tensor& found, const at::Tensor& wanted) {
  CHECK(type_of(found) == type_of(wanted));
  const auto apart = (found.to(at::kDouble) - wanted.to(at::kDouble)).abs().max().item<double>();
  CHECK(apart <= wanted.to(at::kDouble).abs().max().item<double>() / 128);
}

/// What comes of a function under autocast, and the gradients of what it depends on.
std::vector<at::Tensor> outcome(const std::function<at::Tensor()>& function,
                                const std::vector<at::Tensor>& inputs, at::ScalarType type) {
  at::Tensor output;
  {
    const Autocast autocast({at::kFloat, type}, at::kCPU);
    output = function();
  }
  auto all = torch::autograd::grad({output.to(at::kFloat).square().sum()}, inputs);
  all.push_back(output);
  return all;
}

void check_like_stock(const std::function<at::Tensor()>& function,
                      const std::vector<at::Tensor>& inputs, at::ScalarType type) {
  const auto stock = outcome(function, inputs, type);
  const Fp32Products products;
  const auto ours = outcome(function, inputs, type);
  CHECK(ours.back().grad_fn()->name() == "ToCopyBackward0");  // rounded: not a product's own
  for (std::size_t i = 0; i < stock.size(); ++i) check_nearly_the_same(ours[i], stock[i]);
}

}  // namespace

TEST_CASE(
    "products in fp32 give what products in 16 bits give, to rounding, and as the same type") {
  const auto images = numbers({3, 8, 9, 7}, 0), kernels = numbers({6, 4, 3, 3}, 1),
             biases = numbers({6}, 2), rows = numbers({5, 8}, 3), weight = numbers({6, 8}, 4);
  for (const auto type : {at::kBFloat16, at::kHalf}) {
    CAPTURE(type);
    check_like_stock(
        [&] {
          return at::conv2d(images, kernels, biases, {2, 1}, {1, 0}, {1, 2}, 2);
        },
        {images, kernels, biases}, type);
    check_like_stock([&] { return at::linear(rows, weight, biases); }, {rows, weight, biases},
                     type);
    check_like_stock([&] { return at::linear(rows, weight); }, {rows, weight}, type);
    check_like_stock([&] { return at::matmul(rows, weight.t()); }, {rows, weight}, type);
    check_like_stock([&] { return at::addmm(biases, rows, weight.t(), 0.5, 2); },
                     {rows, weight, biases}, type);
  }
}

TEST_CASE("the layers of models have their products in fp32") {
  torch::nn::Linear linear(8, 6);
  torch::nn::Conv2d convolution(torch::nn::Conv2dOptions(4, 6, 3));
  const auto rows = numbers({5, 8}, 0), images = numbers({3, 4, 9, 7}, 1);
  check_like_stock([&] { return linear(rows); }, {rows, linear->weight, linear->bias},
                   at::kBFloat16);
  check_like_stock([&] { return convolution(images); },
                   {images, convolution->weight, convolution->bias}, at::kBFloat16);
}

TEST_CASE("products in fp32 take numbers that are 16 bits wide already as they are") {
  const auto rows = scatter({5, 8}, 0, at::kFloat).to(at::kBFloat16).requires_grad_();
  const auto weight = numbers({6, 8}, 1);
  check_like_stock([&] { return at::linear(rows, weight); }, {rows, weight}, at::kBFloat16);
}

TEST_CASE("doubles are not autocast, and outside autocast nothing is rounded") {
  const auto rows = scatter({5, 8}, 0), weight = scatter({6, 8}, 1);
  const auto wanted = at::linear(rows, weight);
  const auto single = at::linear(rows.to(at::kFloat), weight.to(at::kFloat));
  const Fp32Products products;
  CHECK(at::equal(at::linear(rows.to(at::kFloat), weight.to(at::kFloat)), single));
  const Autocast autocast({at::kFloat, at::kBFloat16}, at::kCPU);
  CHECK(at::equal(at::linear(rows, weight), wanted));
}

TEST_CASE("one that is gone leaves autocast as it was") {
  const auto rows = scatter({64, 512}, 0, at::kFloat), weight = scatter({6, 512}, 1, at::kFloat);
  const Autocast autocast({at::kFloat, at::kBFloat16}, at::kCPU);
  const auto before = at::linear(rows, weight);
  { const Fp32Products products; }
  CHECK(at::equal(at::linear(rows, weight), before));
}
