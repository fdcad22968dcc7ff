#include "runner/train/normalise.hpp"

#include "registry/graph/step_inputs.hpp"
#include "registry/in_parallel.hpp"
#include "registry/layers/widest.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

template <class In>
[[gnu::always_inline]] inline void scale_any(const In* __restrict in, float* __restrict out,
                                             std::int64_t size, float factor, float offset) {
  for (std::int64_t i = 0; i < size; ++i) out[i] = static_cast<float>(in[i]) * factor - offset;
}

void scale(const std::uint8_t* in, float* out, std::int64_t size, float factor, float offset) {
  at_widest(RUNNER_INLINE_LAMBDA { scale_any(in, out, size, factor, offset); });
}

void scale(const float* in, float* out, std::int64_t size, float factor, float offset) {
  at_widest(RUNNER_INLINE_LAMBDA { scale_any(in, out, size, factor, offset); });
}

/// Copies `count` rows of `size` elements; `row_at(i)` says which is the i-th.
template <class In, class RowAt>
void scale_rows(const In* in, float* out, std::int64_t count, std::int64_t size, RowAt row_at,
                const Scaling& scaling) {
  const auto factor = static_cast<float>(scaling.factor);
  const auto offset = static_cast<float>(scaling.offset);
  const auto work = [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i)
      scale(in + row_at(i) * size, out + i * size, size, factor, offset);
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

/// What has no loop of its own. A copy, since the stored rows may be of the type asked for.
at::Tensor scaled(const at::Tensor& raw, const Scaling& scaling, at::ScalarType type) {
  constexpr bool non_blocking = false, copy = true;
  return raw.to(type, non_blocking, copy).mul_(scaling.factor).sub_(scaling.offset);
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
