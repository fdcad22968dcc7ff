#pragma once

namespace runner {

/// A function of librunner-cuda.so, what of this program needs LibTorch's CUDA half: that one is
/// opened at run time where there is a GPU, and so is this. Throws std::runtime_error when it is
/// not there.
void* find_in_cuda_half(const char* function);

}  // namespace runner
