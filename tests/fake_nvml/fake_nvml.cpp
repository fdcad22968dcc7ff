#include <cstdlib>
#include <cstring>

// One GPU of a driver for the CUDA version of FAKE_CUDA (13000), by the functions of nvml.h that
// doctor calls.

struct Memory {
  unsigned long long total, free, used;
};

extern "C" {

int nvmlInit_v2() { return 0; }

int nvmlSystemGetCudaDriverVersion_v2(int* version) {
  const char* wanted = std::getenv("FAKE_CUDA");
  *version = wanted ? std::atoi(wanted) : 13000;
  return 0;
}

int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = 1;
  return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned, void** device) {
  static int gpu;
  *device = &gpu;
  return 0;
}

int nvmlDeviceGetName(void*, char* name, unsigned size) {
  std::strncpy(name, "NVIDIA H100", size);
  return 0;
}

int nvmlDeviceGetMemoryInfo(void*, Memory* memory) {
  *memory = {80'000'000'000, 79'000'000'000, 1'000'000'000};
  return 0;
}

}  // extern "C"
