#include "registry/parallel/nccl.hpp"

#include <filesystem>
#include <stdexcept>

#include <dlfcn.h>

namespace runner {
namespace {

using MakeNccl = c10d::Backend* (*)(const Membership&);

MakeNccl find_entry() {
  // It lies beside this program, in the build as where it is installed.
  const auto library =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "librunner-nccl.so";
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) throw std::runtime_error(std::string("cannot open NCCL's half: ") + dlerror());
  return reinterpret_cast<MakeNccl>(dlsym(handle, nccl_entry));
}

}  // namespace

c10::intrusive_ptr<c10d::Backend> make_nccl(const Membership& membership) {
  static const auto entry = find_entry();
  return c10::intrusive_ptr<c10d::Backend>::reclaim(entry(membership));
}

}  // namespace runner
