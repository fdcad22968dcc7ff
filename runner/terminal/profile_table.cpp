#include "runner/terminal/profile_table.hpp"

#include "runner/terminal/table.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

std::string milliseconds(double microseconds) { return fmt::format("{:.3f}", microseconds / 1000); }

}  // namespace

std::string profile_table(const Json& profiled) {
  Table table;
  table.add_column(profiled.at("on"));
  for (const auto* title : {"calls", "own ms", "with others' ms"})
    table.add_column(title, Table::Align::right);
  for (const auto& row : profiled.at("operations"))
    table.add_row() = {row.at("name"), fmt::format("{:.4g}", row.at("calls").get<double>()),
                       milliseconds(row.at("self_us")), milliseconds(row.at("total_us"))};
  return fmt::format(
      "\nthe largest of one step, over {} steps\n\n{}\ntrace      {} (opens in "
      "ui.perfetto.dev)\n\n",
      profiled.at("steps").get<std::int64_t>(), table.text(),
      profiled.at("trace").get<std::string>());
}

}  // namespace runner
