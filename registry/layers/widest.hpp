#pragma once

namespace runner {

#ifdef __x86_64__
template <class Work>
[[gnu::target("avx512f,avx512vl,avx512dq,avx512bw"), gnu::flatten]] void at_avx512(
    const Work& work) {
  work();
}

template <class Work>
[[gnu::target("avx2"), gnu::flatten]] void at_avx2(const Work& work) {
  work();
}
#endif

/// Calls `work`, compiled for the widest vectors that this processor has. What it calls has to be
/// `[[gnu::always_inline]]`, and so has `work` itself: what is not inlined stays narrow. Every
/// width gives the same bits, since nothing is compiled to fused multiply-add.
template <class Work>
void at_widest(const Work& work) {
#ifdef __x86_64__
  static const bool has_avx512 =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  if (has_avx512) return at_avx512(work);
  if (has_avx2) return at_avx2(work);
#endif
  work();
}

/// A lambda for at_widest.
#define RUNNER_INLINE_LAMBDA [&]() __attribute__((always_inline))

}  // namespace runner
