#include "registry/optimizers/inner_product.hpp"

#include "registry/in_parallel.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include <ATen/ATen.h>

namespace runner {
namespace {

constexpr std::int64_t block = 1 << 14;

template <class Scalar>
double product_of_block(const Scalar* a, const Scalar* b, std::int64_t count) {
  constexpr std::int64_t lanes = 8;  // that a processor adds up at once
  std::array<double, lanes> sums{};
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes)
    for (std::int64_t lane = 0; lane < lanes; ++lane)
      sums[lane] += static_cast<double>(a[k + lane]) * static_cast<double>(b[k + lane]);
  for (; k < count; ++k) sums[0] += static_cast<double>(a[k]) * static_cast<double>(b[k]);
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

template <class Scalar>
double product_of(const at::Tensor& a, const at::Tensor& b) {
  const auto count = a.numel();
  const auto* first = a.const_data_ptr<Scalar>();
  const auto* second = b.const_data_ptr<Scalar>();
  std::vector<double> sums(static_cast<std::size_t>((count + block - 1) / block), 0);
  in_parallel(count, [&](std::int64_t begin, std::int64_t end) {
    // Those blocks that start here, whole.
    for (auto n = (begin + block - 1) / block; n * block < end; ++n)
      sums[static_cast<std::size_t>(n)] = product_of_block(first + n * block, second + n * block,
                                                           std::min(block, count - n * block));
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace

double inner_product(const at::Tensor& a, const at::Tensor& b) {
  if (!a.is_cpu()) return at::dot(a, b).item<double>();
  if (a.scalar_type() == at::kDouble) return product_of<double>(a.contiguous(), b.contiguous());
  return product_of<float>(a.to(at::kFloat).contiguous(), b.to(at::kFloat).contiguous());
}

}  // namespace runner
