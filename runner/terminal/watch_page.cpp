#include "runner/terminal/watch_page.hpp"

#include "runner/terminal/cell.hpp"
#include "runner/terminal/chart.hpp"
#include "runner/terminal/letters.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

std::string head(const RunDetails& run, int width) {
  const auto until = run.ended.value_or(now_ms());
  const auto line = fmt::format("run {} ({})  {} for {}{}", run.id, run.run.name, run.status,
                                how_long(static_cast<double>(until - run.started) / 1000),
                                run.run.device ? "  on " + *run.run.device : "");
  return without_end(line, width) + "\n";
}

/// Evaluations first: they are why one looks. What the machine does comes last.
int rank(const std::string& metric) {
  if (metric.starts_with("eval/")) return 0;
  return metric.starts_with("system/") ? 2 : 1;
}

std::string metrics(const RunDetails& run, int width, int most) {
  auto shown = run.metrics;
  std::ranges::stable_sort(shown, {}, [](const Summary& one) { return rank(one.metric); });
  Table table;
  table.add_column("metric");
  for (const char* title : {"last", "min", "max", "at step"})
    table.add_column(title, Table::Align::right);
  shown.resize(std::min(shown.size(), static_cast<std::size_t>(std::max(1, most))));
  for (const auto& one : shown)
    table.add_row() = {one.metric, cell(one.last), cell(one.min), cell(one.max),
                       with_commas(one.last_step)};
  return table.text(width);
}

std::string drawing(const Watched& run, int width) {
  constexpr int lines = 8;
  return fmt::format("\n{}\n{}{}\n", run.metric, chart(run.curve, width, lines),
                     chart_axis("step 1", fmt::format("step {}", with_commas(run.step)), width));
}

}  // namespace

std::string progress_of(const Watched& run) {
  auto line = fmt::format("step {}", with_commas(run.step));
  if (run.steps) line += fmt::format(" of {}", with_commas(*run.steps));
  if (run.steps_per_second > 0) line += fmt::format("  {:.1f} it/s", run.steps_per_second);
  if (run.steps && run.steps_per_second > 0)
    line += "  ETA " + how_long(static_cast<double>(*run.steps - run.step) / run.steps_per_second);
  return line;
}

std::string watch_page(const Watched& run, int width, int height) {
  constexpr int lines_of_drawing = 13, lines_of_head = 4;
  const bool draws = run.curve.size() > 1 && height > lines_of_drawing + lines_of_head + 3;
  const int left = height - lines_of_head - (draws ? lines_of_drawing : 0);
  return head(run.details, width) + progress_of(run) + "\n" + (draws ? drawing(run, width) : "\n") +
         metrics(run.details, width, left);
}

}  // namespace runner
