#include "registry/parallel/gather_rows.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

namespace runner {
namespace {

/// Where each rank's rows begin; the last is where all end.
std::vector<std::int64_t> begins_of_rows(const Ranks& ranks, const at::Tensor& mine) {
  auto counts = at::zeros({ranks.size()}, mine.options().dtype(at::kDouble));
  counts[ranks.rank()] = static_cast<double>(mine.size(0));
  ranks.sum(counts);
  const auto all = counts.cpu();
  std::vector<std::int64_t> begins{0};
  for (int rank = 0; rank < ranks.size(); ++rank)
    begins.push_back(begins.back() + static_cast<std::int64_t>(all[rank].item<double>()));
  return begins;
}

// A sum of rows that are zeros but on one rank: any backend can do it, whatever the numbers of
// rows, and nothing is rounded.
struct GatherRows : torch::autograd::Function<GatherRows> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& rows,
                            std::int64_t ranks_address) {
    context->saved_data["ranks"] = ranks_address;
    const auto& ranks = ranks_at(ranks_address);
    const auto begins = begins_of_rows(ranks, rows);
    const auto rank = static_cast<std::size_t>(ranks.rank());
    context->saved_data["begin"] = begins[rank];
    context->saved_data["end"] = begins[rank + 1];
    auto shape = rows.sizes().vec();
    shape.front() = begins.back();
    auto all = at::zeros(shape, rows.options());
    all.slice(0, begins[rank], begins[rank + 1]).copy_(rows);
    ranks.sum(all);
    return all;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    auto& saved = context->saved_data;
    auto all = gradients[0].contiguous().clone();
    ranks_at(saved["ranks"].toInt()).sum(all);
    return {all.slice(0, saved["begin"].toInt(), saved["end"].toInt()), at::Tensor()};
  }

  static const Ranks& ranks_at(std::int64_t address) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): saved_data carries no other kind of address.
    return *reinterpret_cast<const Ranks*>(address);
  }
};

}  // namespace

at::Tensor gather_rows(const Ranks& ranks, const at::Tensor& rows) {
  if (ranks.alone()) return rows;
  return GatherRows::apply(rows, reinterpret_cast<std::int64_t>(&ranks));
}

}  // namespace runner
