// A safetensors file: every number of every tensor that it says it has can be read.
#include "runner/checkpoint/safetensors.hpp"

#include "tests/trust/fuzz/input.hpp"

#include <ATen/core/Tensor.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path =
      runner::fuzz::folder().write("file.safetensors", runner::fuzz::as_text(data, size));
  try {
    const runner::SafetensorsFile file(path);
    unsigned sum = 0;
    for (const auto& name : file.names()) {
      if (!file.is_readable(name)) continue;
      const auto tensor = file.tensor(name);
      const auto* bytes = static_cast<const unsigned char*>(tensor.const_data_ptr());
      for (std::size_t i = 0; i < tensor.nbytes(); ++i) sum += bytes[i];
    }
    [[maybe_unused]] volatile auto keep = sum;
  } catch (const std::runtime_error&) {
  }
  return 0;
}
