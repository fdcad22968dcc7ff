// TensorBoard's event files. An even first byte: the rest is the file. An odd one: the rest are
// messages, each behind its length in a byte, which are put into frames with right check sums.
#include "experiments/error.hpp"
#include "runner/exchange/event_file.hpp"
#include "runner/exchange/tensorboard_import.hpp"
#include "tests/trust/fuzz/input.hpp"

namespace {

std::string in_frames(std::string_view rest) {
  std::string file;
  while (!rest.empty()) {
    const std::size_t length = static_cast<unsigned char>(rest.front());
    file += runner::frame(rest.substr(1, length));
    rest.remove_prefix(std::min(rest.size(), 1 + length));
  }
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto rest = runner::fuzz::as_text(data + 1, size - 1);
  runner::fuzz::folder().write("events.out.tfevents.1.host",
                               data[0] % 2 == 0 ? std::string(rest) : in_frames(rest));
  try {
    auto imported = runner::read_tensorboard(runner::fuzz::folder().path());
    runner::settle_metrics(imported);
    imported.for_each_point([](const runner::SeriesPoint&) {});
  } catch (const runner::UserError&) {
  }
  return 0;
}
