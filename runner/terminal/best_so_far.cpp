#include "runner/terminal/best_so_far.hpp"

#include "runner/terminal/plot_area.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

using Trials = std::vector<const SweepTrial*>;

Trials in_order(std::span<const SweepTrial> trials) {
  Trials out;
  for (const auto& trial : trials) out.push_back(&trial);
  std::ranges::stable_sort(out, {}, &SweepTrial::number);
  return out;
}

double place(std::size_t i, std::size_t count) {
  return count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1);
}

/// The first and the last, then about every fifth part, at a round place.
std::vector<Tick> ticks(const Trials& trials) {
  const auto last = trials.size() - 1;
  const std::vector<double> ends{0, static_cast<double>(last)};
  std::vector<Tick> ticks;
  for (const auto tick : Scale(ends).ticks()) {
    const auto i = static_cast<std::size_t>(std::lround(tick));
    if (static_cast<double>(i) == tick)
      ticks.push_back({place(i, trials.size()), std::to_string(trials[i]->number)});
  }
  return ticks;
}

/// From each better value on, a step down or up to it and a line at its height.
Braille steps(const SweepView& view, const Trials& trials, const PlotArea& area) {
  auto line = area.empty();
  const SweepTrial* best = nullptr;
  int from = 0;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const auto& trial = *trials[i];
    if (!trial.has_value() || (best && !is_better(view.goal, *trial.value, *best->value))) continue;
    const int to = area.x(place(i, trials.size()));
    if (best) {
      line.line(from, area.y(*best->value), to, area.y(*best->value));
      line.line(to, area.y(*best->value), to, area.y(*trial.value));
    }
    best = &trial;
    from = to;
  }
  line.line(from, area.y(*best->value), area.dots_across() - 1, area.y(*best->value));
  return line;
}

std::string title(const SweepView& view) {
  return fmt::format("{}{} of each trial, and the best so far", view.metric,
                     view.scale().is_logarithmic() ? " (logarithmic)" : "");
}

std::string legend(const SweepView& view) {
  const auto& best = *view.best();
  std::vector<std::string> parts{fmt::format(
      "best: {} by trial {} of {}", short_number(*best.value), best.number, view.trials.size())};
  if (const auto pruned = view.pruned().size())
    parts.push_back(fmt::format("○ pruned: {}", pruned));
  if (const auto failed = view.failed()) parts.push_back(fmt::format("× failed: {}", failed));
  return legend_lines(parts, view.columns());
}

}  // namespace

std::string best_so_far(const SweepView& view) {
  if (const auto nothing = view.nothing()) return *nothing;
  const auto trials = in_order(view.trials);
  PlotArea area(view.scale(), view.columns(), view.lines());
  area.label(ticks(trials));
  auto blots = area.empty();
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const int x = area.x(place(i, trials.size()));
    if (trials[i]->has_failed())
      area.mark_axis(x, "×", ink::failed);
    else if (trials[i]->pruned_value)
      area.mark(x, area.y(*trials[i]->pruned_value), "○", ink::faint);
    else if (trials[i]->has_value())
      blots.blot(x, area.y(*trials[i]->value));
  }
  area.lay(blots, ink::faint);
  area.lay(steps(view, trials, area), ink::best);
  return wrapped(title(view), view.columns()) + area.text(view.coloured) + legend(view);
}

}  // namespace runner
