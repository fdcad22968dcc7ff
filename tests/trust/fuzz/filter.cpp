// A filter, what to sort by, and columns, a line each, over a database with runs of many kinds.
#include "experiments/error.hpp"
#include "experiments/grouping.hpp"
#include "experiments/listing.hpp"
#include "tests/trust/fuzz/input.hpp"
#include "tests/trust/fuzz/runs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto store = runner::fuzz::make_runs();
  auto rest = runner::fuzz::as_text(data, size);
  runner::ListRequest request;
  request.where = runner::fuzz::next_part(rest, '\n');
  request.sort = runner::fuzz::next_part(rest, '\n');
  try {
    const std::string columns(runner::fuzz::next_part(rest, '\n'));
    request.columns = runner::split_names(columns);
    runner::list_runs(store.database(), request);
    runner::group_runs(store.database(), request, request.columns);
  } catch (const runner::UserError&) {
  }
  return 0;
}
