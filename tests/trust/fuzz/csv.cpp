// What Lightning's CSVLogger writes: hparams.yaml, a zero byte, metrics.csv.
#include "experiments/error.hpp"
#include "runner/exchange/lightning.hpp"
#include "tests/trust/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = runner::fuzz::as_text(data, size);
  runner::fuzz::folder().write("hparams.yaml", runner::fuzz::next_part(rest, '\0'));
  runner::fuzz::folder().write("metrics.csv", rest);
  try {
    auto imported = runner::read_lightning(runner::fuzz::folder().path());
    runner::settle_metrics(imported);
    imported.for_each_point([](const runner::SeriesPoint&) {});
  } catch (const runner::UserError&) {
  }
  return 0;
}
