#include "runner/terminal/slice_chart.hpp"

#include "runner/terminal/letters.hpp"
#include "runner/terminal/parameter_axis.hpp"
#include "runner/terminal/plot_area.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace runner {
namespace {

/// Trials of a category lie side by side in the middle of its share, in their order.
class Places {
 public:
  Places(const ParameterAxis& axis, std::span<const SweepTrial> trials) : axis_(axis) {
    if (axis.scale()) return;
    for (const auto& trial : trials)
      if (const auto level = axis.level(trial)) of_level_[*level].push_back(&trial);
  }

  double operator()(const SweepTrial& trial) const {
    const auto level = *axis_.level(trial);
    const double middle = axis_.place(level);
    if (axis_.scale()) return middle;
    constexpr double used = 0.6;
    const auto& all = of_level_.at(level);
    const auto number = static_cast<double>(std::ranges::find(all, &trial) - all.begin());
    const double aside = (number + 0.5) / static_cast<double>(all.size()) - 0.5;
    return middle + aside * used / static_cast<double>(axis_.values().size());
  }

 private:
  const ParameterAxis& axis_;
  std::map<std::size_t, std::vector<const SweepTrial*>> of_level_;
};

/// The ends first, then what lies between.
std::vector<Tick> ticks(const ParameterAxis& axis, int columns) {
  constexpr std::size_t few = 12;
  const auto count = axis.values().size();
  std::vector<Tick> ticks;
  if (axis.scale() && count > few) {
    for (const auto value : axis.scale()->ticks())
      ticks.push_back({axis.scale()->place(value), short_number(value)});
    return ticks;
  }
  const int share = axis.scale() ? columns : columns / static_cast<int>(count) - 2;
  for (std::size_t i = 0; i < count; ++i)
    ticks.push_back(
        {axis.place(i), without_end(value_label(axis.values()[i]), std::max(share, 4))});
  if (count > 2) std::swap(ticks[1], ticks.back());
  return ticks;
}

std::string title(const SweepView& view, const ParameterAxis& axis) {
  const auto scaled = [](const std::string& name, bool logarithmic) {
    return logarithmic ? name + " (logarithmic)" : name;
  };
  return fmt::format("{} against {}", scaled(view.metric, view.scale().is_logarithmic()),
                     scaled(axis.path(), axis.scale() && axis.scale()->is_logarithmic()));
}

std::string legend(const SweepView& view, const ParameterAxis& axis) {
  const auto& best = *view.best();
  const auto* value = find_parameter(best.parameters, axis.path());
  std::vector<std::string> parts{fmt::format("◆ best: {} at {}, trial {}",
                                             short_number(*best.value),
                                             value ? value_label(*value) : "none", best.number)};
  if (const auto pruned = view.pruned().size())
    parts.push_back(fmt::format("○ pruned: {}", pruned));
  if (const auto failed = view.failed()) parts.push_back(fmt::format("× failed: {}", failed));
  return legend_lines(parts, view.columns());
}

}  // namespace

std::string slice_chart(const SweepView& view, const std::string& path) {
  if (const auto nothing = view.nothing()) return *nothing;
  const ParameterAxis axis(view.trials, path);
  if (!axis.has_values())
    return wrapped(fmt::format("No trial has a parameter {}.", path), view.columns());
  PlotArea area(view.scale(), view.columns(), view.lines());
  const Places place(axis, view.trials);
  area.label(ticks(axis, area.dots_across() / 2));
  const auto& best = *view.best();
  auto dots = area.empty();
  for (const auto& trial : view.trials) {
    if (!axis.level(trial)) continue;
    const int x = area.x(place(trial));
    if (trial.has_failed())
      area.mark_axis(x, "×", ink::failed);
    else if (trial.has_value() && &trial != &best)
      dots.blot(x, area.y(*trial.value));
  }
  for (const auto* trial : view.pruned())
    if (axis.level(*trial))
      area.mark(area.x(place(*trial)), area.y(*trial->pruned_value), "○", ink::faint);
  area.lay(dots);
  if (axis.level(best)) area.mark(area.x(place(best)), area.y(*best.value), "◆", ink::best);
  return wrapped(title(view, axis), view.columns()) + area.text(view.coloured) + legend(view, axis);
}

}  // namespace runner
