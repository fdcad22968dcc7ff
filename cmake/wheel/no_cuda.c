/* Stands in for one of CUDA's libraries where there is none. libtorch_cpu.so of the CUDA wheel is linked to libcudart and
   libcupti, which its profiler asks for GPUs, so without them it could not even be loaded. make_wheel.py compiles this
   file with the names that libtorch_cpu.so wants, each with its version; the loader takes it only where the real library
   is not found. Every call answers as CUDA does without a GPU. */

#define NO_DEVICE 100 /* cudaErrorNoDevice; for CUPTI just an error */

#define RUNNER_ABSENT(name) \
  int name(void) { return NO_DEVICE; }

#include "names.h"

const char* cudaGetErrorString(int error) {
  (void)error;
  return "no CUDA-capable device is detected";
}

int cuptiGetResultString(int result, const char** text) {
  (void)result;
  *text = "CUPTI is not installed";
  return 0;
}
