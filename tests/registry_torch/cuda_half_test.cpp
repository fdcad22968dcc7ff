#include "registry/cuda_half.hpp"

#include "registry/graph/device_graph.hpp"
#include "registry/parallel/nccl.hpp"

#include <filesystem>
#include <iostream>

#include <ATen/Context.h>
#include <dlfcn.h>
#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("the CUDA half finds all that it needs in LibTorch's, on a machine without a GPU, too") {
  Dl_info info{};
  REQUIRE(dladdr(reinterpret_cast<const void*>(&at::globalContext), &info) != 0);
  const auto library = std::filesystem::path(info.dli_fname).parent_path() / "libtorch_cuda.so";
  if (!std::filesystem::exists(library)) {
    std::cout << "skipped: no CUDA half of LibTorch\n";
    return;
  }
  void* opened = dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL);
  INFO("dlopen: ", opened ? "" : dlerror());
  REQUIRE(opened != nullptr);
  CHECK(find_in_cuda_half(cuda_graph_entry) != nullptr);
  CHECK(find_in_cuda_half(nccl_entry) != nullptr);
  CHECK_THROWS_WITH(find_in_cuda_half("nonesuch"), "the CUDA half lacks nonesuch");
}
