// A checkpoint's small values and its tensors: the values as JSON, a zero byte, and a name and a
// number of columns for the tensor that is saved.
#include "experiments/text.hpp"
#include "runner/checkpoint/snapshot.hpp"
#include "tests/trust/fuzz/input.hpp"

#include <ATen/ATen.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = runner::fuzz::as_text(data, size);
  const std::string values(runner::fuzz::next_part(rest, '\0'));
  const auto name = runner::as_utf8(runner::fuzz::next_part(rest, '\0'));
  const auto columns = rest.empty() ? 3 : static_cast<unsigned char>(rest.front()) % 8;
  const auto file = runner::fuzz::folder().path() / "model.safetensors";
  try {
    runner::write_safetensors(file, {{name, at::ones({2, columns})}},
                              {{"values", runner::as_utf8(values)}});
    runner::Restorer restorer(runner::fuzz::folder().path(), "model");
    auto weight = at::zeros({2, 3});
    restorer.tensor("weight", weight);
    at::Tensor state;
    restorer.tensor("state", state);
    std::int64_t step = 0;
    double best = 0;
    std::string text;
    std::vector<double> history;
    restorer.value("step", step);
    restorer.value("best", best);
    if (restorer.has("text")) restorer.value("text", text);
    if (restorer.has("history")) restorer.value("history", history);
  } catch (const std::runtime_error&) {
  }
  return 0;
}
