#include "runner/terminal/sweep_table.hpp"

#include "runner/terminal/moment.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

std::string share(const RunningTrial& trial) {
  if (trial.last_step == 0) return "starting";
  return fmt::format(
      "{:.0f} %", 100.0 * static_cast<double>(trial.step) / static_cast<double>(trial.last_step));
}

/// A wrapped line could not be erased.
std::string without_wraps(const std::string& text, int width) {
  if (width <= 0) return text;
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    out += without_end(text.substr(begin, end - begin), width - 1) + "\n";
    begin = end + 1;
  }
  return out;
}

std::string counts(const SweepStatus& status) {
  auto out = fmt::format("{} of {} done", with_commas(status.done), with_commas(status.size));
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) out += fmt::format(", {} {}", with_commas(count), what);
  };
  add(static_cast<std::int64_t>(status.running.size()), "running");
  add(status.elsewhere, "running elsewhere");
  add(status.paused, "paused");
  add(status.pruned, "pruned");
  add(status.failed, "failed");
  return out;
}

/// Those that run, in `lines` lines below the titles, and how many more there are.
std::string running_table(const SweepStatus& status, int width, std::size_t lines) {
  Table table;
  for (const auto* title : {"trial", "parameters"}) table.add_column(title);
  for (const auto* title : {"step", "", "loss"}) table.add_column(title, Table::Align::right);
  table.add_column(status.metric, Table::Align::right);
  for (std::size_t i = 0; i < std::min(lines, status.running.size()); ++i) {
    const auto& trial = status.running[i];
    table.add_row() = {std::to_string(trial.number),
                       trial.parameters,
                       std::to_string(trial.step),
                       share(trial),
                       trial.step > 0 ? fmt::format("{:.4g}", trial.loss) : "",
                       trial.value ? fmt::format("{:.5g}", *trial.value) : ""};
  }
  auto text = table.text(std::max(0, width - 1));
  if (status.running.size() > lines)
    text += fmt::format("... and {} more\n", status.running.size() - lines);
  return text;
}

}  // namespace

std::string live_table(const SweepStatus& status, int width, int height) {
  constexpr int others = 4;  // titles, how many more, the summary, and the cursor
  std::string text;
  if (!status.running.empty() && height > others)
    text = running_table(status, width, static_cast<std::size_t>(height - others));
  return without_wraps(text + summary(status) + "\n", width);
}

std::string summary(const SweepStatus& status) {
  auto out = counts(status);
  if (status.best && status.best->value)
    out += fmt::format(
        "; best {} {:.5g} in trial {}{}", status.metric, *status.best->value, status.best->number,
        status.best->parameters.empty() ? "" : fmt::format(" ({})", status.best->parameters));
  if (status.seconds_left)
    out += fmt::format("; ETA {}", how_long(*status.seconds_left));
  else
    out += fmt::format("; {}", how_long(status.seconds));
  return out;
}

}  // namespace runner
