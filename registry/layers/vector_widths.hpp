#pragma once

/// Before a function: it is compiled for several widths of vectors, and the loader picks the widest
/// that the processor has.
#if defined(__x86_64__) && defined(__ELF__) && defined(__GNUC__) && !defined(__clang__)
#define RUNNER_FOR_EACH_WIDTH __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define RUNNER_FOR_EACH_WIDTH
#endif
