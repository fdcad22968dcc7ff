#pragma once

#include <array>
#include <cstdint>
#include <utility>

namespace runner {

/// Applies an optimizer's formula to the elements [begin, end) of weights, gradient and state.
template <class Formula, class Scalar, std::size_t N, std::size_t... S>
[[gnu::always_inline]] inline void apply(const Formula& formula, Scalar* weights,
                                         const Scalar* gradient,
                                         const std::array<Scalar*, N>& state, std::int64_t begin,
                                         std::int64_t end, std::index_sequence<S...>) {
  // Copies on this thread's stack: the compiler sees that nobody else writes them.
  const auto here = formula;
  const auto state_here = state;
#pragma GCC ivdep
  for (auto k = begin; k < end; ++k) here(weights[k], gradient[k], state_here[S][k]...);
}

#ifdef __x86_64__
template <class... Arguments>
[[gnu::target("avx512f,avx512vl,avx512dq"), gnu::flatten]] void apply_avx512(
    const Arguments&... arguments) {
  apply(arguments...);
}

template <class... Arguments>
[[gnu::target("avx2"), gnu::flatten]] void apply_avx2(const Arguments&... arguments) {
  apply(arguments...);
}
#endif

/// The same with the widest vectors that this processor has. Every width gives the same bits, since
/// the files with formulas are compiled without fused multiply-add.
template <class... Arguments>
void apply_widest(const Arguments&... arguments) {
#ifdef __x86_64__
  static const bool has_avx512 = __builtin_cpu_supports("avx512f") &&
                                 __builtin_cpu_supports("avx512vl") &&
                                 __builtin_cpu_supports("avx512dq");
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  if (has_avx512) return apply_avx512(arguments...);
  if (has_avx2) return apply_avx2(arguments...);
#endif
  apply(arguments...);
}

}  // namespace runner
