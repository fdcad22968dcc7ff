# Imported targets for the LibTorch inside the PyTorch wheel. The wheel's own TorchConfig.cmake looks for a
# CUDA toolkit with nvcc, which a fresh machine lacks; headers and libraries are all that a C++ build needs.
set(RUNNER_CACHE_DIR "$ENV{RUNNER_CACHE_DIR}")
if(NOT RUNNER_CACHE_DIR)
  set(cache_home "$ENV{XDG_CACHE_HOME}")
  if(NOT cache_home)
    set(cache_home "$ENV{HOME}/.cache")
  endif()
  set(RUNNER_CACHE_DIR "${cache_home}/runner")
endif()
set(Torch_ROOT "${RUNNER_CACHE_DIR}/libtorch-2.11.0-cu130/torch" CACHE PATH "The folder with LibTorch's include/ and lib/")

if(NOT EXISTS "${Torch_ROOT}/lib/libtorch_cpu.so")
  message(FATAL_ERROR "No LibTorch in ${Torch_ROOT}: run ./dev build, which installs it, or pass -DTorch_ROOT=DIR")
endif()
cmake_path(GET Torch_ROOT PARENT_PATH torch_site)

function(import_torch_library name file)
  add_library(torch::${name} SHARED IMPORTED)
  set_target_properties(torch::${name} PROPERTIES IMPORTED_LOCATION "${Torch_ROOT}/lib/${file}")
endfunction()

import_torch_library(c10 libc10.so)
import_torch_library(cpu libtorch_cpu.so)
# A LibTorch for CPUs alone has no CUDA half.
if(EXISTS "${Torch_ROOT}/lib/libtorch_cuda.so")
  import_torch_library(cuda libtorch_cuda.so)
  target_include_directories(torch::cuda SYSTEM INTERFACE
    "${torch_site}/nvidia/cu13/include" "${torch_site}/nvidia/nccl/include")
  target_link_options(torch::cuda INTERFACE "LINKER:-rpath,${Torch_ROOT}/lib")
endif()

# The CPU half alone is linked. `runner-worker` opens libtorch_cuda.so at run time where there is a GPU:
# without it a process starts 0.1 s sooner and is 350 MB smaller (measured; see runner/train/README.md).
add_library(torch::torch INTERFACE IMPORTED)
target_link_libraries(torch::torch INTERFACE torch::cpu torch::c10)
# Its own OpenMP library, for our files with parallel loops: a second one would bring a second set of threads.
if(EXISTS "${Torch_ROOT}/lib/libgomp.so.1")
  import_torch_library(gomp libgomp.so.1)
  target_link_libraries(torch::torch INTERFACE torch::gomp)
endif()
target_include_directories(torch::torch SYSTEM INTERFACE
  "${Torch_ROOT}/include" "${Torch_ROOT}/include/torch/csrc/api/include")
# LibTorch's headers bring a newer libfmt of their own; inline, it meets no other in the same program.
# LibTorch was built without assertions: some of its classes have other members with them.
target_compile_definitions(torch::torch INTERFACE FMT_HEADER_ONLY $<$<CONFIG:Debug>:NDEBUG>)
target_link_options(torch::torch INTERFACE "LINKER:-rpath,${Torch_ROOT}/lib" "LINKER:-rpath-link,${torch_site}/nvidia/cu13/lib")
