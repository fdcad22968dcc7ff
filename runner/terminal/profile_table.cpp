#include "runner/terminal/profile_table.hpp"

#include "runner/terminal/table.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

std::string milliseconds(double microseconds) { return fmt::format("{:.3f}", microseconds / 1000); }

}  // namespace

std::string profile_table(const protocol::Profiled& profiled) {
  Table table;
  table.add_column(profiled.on);
  for (const auto* title : {"calls", "own ms", "with others' ms"})
    table.add_column(title, Table::Align::right);
  for (const auto& [name, calls, self_us, total_us] : profiled.operations)
    table.add_row() = {name, fmt::format("{:.4g}", calls), milliseconds(self_us),
                       milliseconds(total_us)};
  return fmt::format(
      "\nthe largest of one step, over {} steps\n\n{}\ntrace      {} (opens in "
      "ui.perfetto.dev)\n\n",
      profiled.steps, table.text(), profiled.trace);
}

}  // namespace runner
