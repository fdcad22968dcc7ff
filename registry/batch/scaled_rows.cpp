#include "registry/batch/scaled_rows.hpp"

#include "registry/graph/step_inputs.hpp"
#include "registry/in_parallel.hpp"
#include "registry/layers/widest.hpp"

#include <algorithm>

#include <ATen/ATen.h>

namespace runner {
namespace {

template <class In>
[[gnu::always_inline]] inline void scale_any(const In* __restrict in, float* __restrict out,
                                             std::int64_t size, float factor, float offset) {
  for (std::int64_t i = 0; i < size; ++i) out[i] = static_cast<float>(in[i]) * factor - offset;
}

/// Each element with a factor and an offset of its own.
template <class In>
[[gnu::always_inline]] inline void scale_each(const In* __restrict in, float* __restrict out,
                                              std::int64_t size, const float* __restrict factor,
                                              const float* __restrict offset) {
  for (std::int64_t i = 0; i < size; ++i)
    out[i] = static_cast<float>(in[i]) * factor[i] - offset[i];
}

void scale(const std::uint8_t* in, float* out, std::int64_t size, float factor, float offset) {
  at_widest(RUNNER_INLINE_LAMBDA { scale_any(in, out, size, factor, offset); });
}

void scale(const float* in, float* out, std::int64_t size, float factor, float offset) {
  at_widest(RUNNER_INLINE_LAMBDA { scale_any(in, out, size, factor, offset); });
}

void scale(const std::uint8_t* in, float* out, std::int64_t size, const float* factor,
           const float* offset) {
  at_widest(RUNNER_INLINE_LAMBDA { scale_each(in, out, size, factor, offset); });
}

void scale(const float* in, float* out, std::int64_t size, const float* factor,
           const float* offset) {
  at_widest(RUNNER_INLINE_LAMBDA { scale_each(in, out, size, factor, offset); });
}

/// A scaling in float32, for rows of so many elements.
class RowScaling {
 public:
  RowScaling(const Scaling& scaling, std::int64_t row)
      : factor_(scaling.factor.begin(), scaling.factor.end()),
        offset_(scaling.offset.begin(), scaling.offset.end()),
        channel_(row / std::ssize(factor_)) {}

  template <class In>
  void apply(const In* in, float* out) const {
    if (channel_ == 1 && factor_.size() > 1)
      return scale(in, out, std::ssize(factor_), factor_.data(), offset_.data());
    for (std::size_t i = 0; i < factor_.size(); ++i) {
      const auto begin = static_cast<std::int64_t>(i) * channel_;
      scale(in + begin, out + begin, channel_, factor_[i], offset_[i]);
    }
  }

 private:
  std::vector<float> factor_, offset_;
  std::int64_t channel_;  ///< elements of one channel
};

/// Copies `count` rows of `size` elements; `row_at(i)` says which is the i-th.
template <class In, class RowAt>
void scale_rows(const In* in, float* out, std::int64_t count, std::int64_t size, RowAt row_at,
                const Scaling& scaling) {
  const RowScaling row_scaling(scaling, size);
  const auto work = [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) row_scaling.apply(in + row_at(i) * size, out + i * size);
  };
  in_parallel(count, work, size);
}

template <class RowAt>
at::Tensor scaled_rows(const at::Tensor& stored, std::int64_t count, RowAt row_at,
                       const Scaling& scaling) {
  auto shape = stored.sizes().vec();
  shape.front() = count;
  const auto out = at::empty(shape, at::kFloat);
  const auto size = stored.stride(0);
  if (stored.scalar_type() == at::kByte)
    scale_rows(stored.const_data_ptr<std::uint8_t>(), out.mutable_data_ptr<float>(), count, size,
               row_at, scaling);
  else
    scale_rows(stored.const_data_ptr<float>(), out.mutable_data_ptr<float>(), count, size, row_at,
               scaling);
  return out;
}

/// [channels, 1, ...] beside samples of several extents, [features] beside those of one.
at::Tensor beside(const std::vector<double>& values, const at::Tensor& rows) {
  std::vector<std::int64_t> shape(
      static_cast<std::size_t>(std::max<std::int64_t>(rows.dim(), 2)) - 1, 1);
  shape.front() = std::ssize(values);
  return at::tensor(values, at::kDouble).view(shape).to(rows.options());
}

/// What has no loop of its own. A copy, since the stored rows may be of the type asked for.
at::Tensor scaled(const at::Tensor& raw, const Scaling& scaling, at::ScalarType type) {
  constexpr bool non_blocking = false, copy = true;
  auto out = raw.to(type, non_blocking, copy);
  if (scaling == Scaling{}) return out;
  if (!scaling.per_channel()) return out.mul_(scaling.factor[0]).sub_(scaling.offset[0]);
  return out.mul_(beside(scaling.factor, out)).sub_(beside(scaling.offset, out));
}

bool has_loop(const at::Tensor& stored, at::ScalarType type) {
  const auto from = stored.scalar_type();
  return has_own_loops(stored) && stored.is_contiguous() && type == at::kFloat &&
         (from == at::kByte || from == at::kFloat);
}

}  // namespace

at::Tensor gather_scaled(const at::Tensor& stored, const at::Tensor& rows, const Scaling& scaling,
                         at::ScalarType type) {
  if (!has_loop(stored, type)) return scaled(stored.index_select(0, rows), scaling, type);
  const auto* row = rows.const_data_ptr<std::int64_t>();
  return scaled_rows(
      stored, rows.size(0), [row](std::int64_t i) { return row[i]; }, scaling);
}

at::Tensor slice_scaled(const at::Tensor& stored, std::int64_t begin, std::int64_t end,
                        const Scaling& scaling, at::ScalarType type) {
  if (!has_loop(stored, type)) return scaled(stored.slice(0, begin, end), scaling, type);
  return scaled_rows(
      stored, end - begin, [begin](std::int64_t i) { return begin + i; }, scaling);
}

}  // namespace runner
