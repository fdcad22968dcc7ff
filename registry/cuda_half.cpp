#include "registry/cuda_half.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

#include <dlfcn.h>

namespace runner {
namespace {

void* open_cuda_half() {
  // It lies beside this program, in the build as where it is installed.
  const auto library =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "librunner-cuda.so";
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) throw std::runtime_error(std::string("cannot open the CUDA half: ") + dlerror());
  return handle;
}

}  // namespace

void* find_in_cuda_half(const char* function) {
  static void* const library = open_cuda_half();
  if (void* found = dlsym(library, function)) return found;
  throw std::runtime_error(std::string("the CUDA half lacks ") + function);
}

}  // namespace runner
