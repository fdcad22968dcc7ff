#include "runner/terminal/parallel_coordinates.hpp"

#include "runner/terminal/letters.hpp"
#include "runner/terminal/parameter_axis.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

constexpr int least_spacing = 12;
constexpr int most_margin = 6;
constexpr int lines_above = 2;
constexpr std::size_t many = 15;
constexpr int dotted = 3;

using Trials = std::vector<const SweepTrial*>;

class Lines {
 public:
  Lines(const SweepView& view, const std::vector<ParameterAxis>& axes)
      : view_(view),
        axes_(axes),
        values_(view.scale()),
        picture_(view.columns(), view.lines() + lines_above + 1) {
    left_ = std::min(most_margin, display_width(name(0)) / 2);
    right_ = std::min(most_margin, display_width(name(axes_.size())) / 2);
  }

  std::string text(std::span<const SweepTrial* const> best,
                   std::span<const SweepTrial* const> others,
                   std::span<const SweepTrial* const> pruned) {
    draw(pruned, ink::faint, dotted);
    draw(others, ink::faint);
    draw(best, ink::best);
    for (std::size_t i = 0; i <= axes_.size(); ++i) {
      for (int line = 0; line < view_.lines(); ++line)
        picture_.write(column(i), lines_above + line, "│");
      label(i);
    }
    return picture_.text(view_.coloured);
  }

 private:
  int column(std::size_t axis) const {
    return left_ + static_cast<int>(axis) * (view_.columns() - 1 - left_ - right_) /
                       static_cast<int>(axes_.size());
  }

  int spacing() const { return column(1) - column(0); }

  const std::string& name(std::size_t axis) const {
    return axis == axes_.size() ? view_.metric : axes_[axis].path();
  }

  int dot(double from_top) const {
    return static_cast<int>(std::lround(from_top * (4 * view_.lines() - 1)));
  }

  /// 0 at the top: the greatest number, the first category, the best value.
  std::optional<double> from_top(const SweepTrial& trial, std::size_t axis) const {
    if (axis == axes_.size()) {
      const double place = values_.place(trial.value ? *trial.value : *trial.pruned_value);
      return view_.goal == Goal::smaller ? place : 1 - place;
    }
    const auto place = axes_[axis].place(trial);
    return place && axes_[axis].scale() ? 1 - *place : place;
  }

  /// A trial that lacks a parameter has a gap there.
  void draw(std::span<const SweepTrial* const> trials, Ink ink, int every = 1) {
    Braille dots(view_.columns(), view_.lines());
    for (const auto* trial : trials)
      for (std::size_t i = 0; i < axes_.size(); ++i) {
        const auto from = from_top(*trial, i), to = from_top(*trial, i + 1);
        if (from && to)
          dots.line(2 * column(i), dot(*from), 2 * column(i + 1) + 1, dot(*to), every);
      }
    picture_.lay(dots, 0, lines_above, ink);
  }

  void label(std::size_t axis) {
    write_name(axis);
    if (axis == axes_.size())
      label_ends(axis, values_, view_.goal == Goal::smaller);
    else if (const auto& scale = axes_[axis].scale())
      label_ends(axis, *scale, false);
    else
      label_categories(axis);
  }

  void label_ends(std::size_t axis, const Scale& scale, bool lowest_on_top) {
    if (scale.is_constant()) return write_beside(axis, 0.5, short_number(scale.low()));
    write(axis, lowest_on_top ? lines_above + view_.lines() : 1, short_number(scale.high()));
    write(axis, lowest_on_top ? 1 : lines_above + view_.lines(), short_number(scale.low()));
  }

  void label_categories(std::size_t axis) {
    const auto& values = axes_[axis].values();
    for (std::size_t i = 0; i < values.size(); ++i)
      write_beside(axis, axes_[axis].place(i), value_label(values[i]));
  }

  void write_beside(std::size_t axis, double from_top, const std::string& label) {
    const int room = spacing() * 2 / 3;
    const auto text = without_end(label, room);
    const int left = axis == axes_.size() ? column(axis) - display_width(text) : column(axis) + 1;
    picture_.write(left, lines_above + dot(from_top) / 4, text);
  }

  /// A path that is too long without what is before its last dot, then without its end.
  void write_name(std::size_t axis) {
    const int room = spacing() - 2;
    auto shown = name(axis);
    if (display_width(shown) > room) shown = shown.substr(shown.find_last_of('.') + 1);
    write(axis, 0, without_end(shown, room));
  }

  /// Above or below the axis.
  void write(std::size_t axis, int line, const std::string& text) {
    const int width = display_width(text);
    picture_.write(std::clamp(column(axis) - width / 2, 0, view_.columns() - width), line, text);
  }

  const SweepView& view_;
  const std::vector<ParameterAxis>& axes_;
  Scale values_;
  Picture picture_;
  int left_ = 0, right_ = 0;  ///< room beside the first and the last axis
};

/// The best first.
Trials sorted(const SweepView& view, Trials trials, std::optional<double> SweepTrial::*value) {
  std::ranges::stable_sort(trials, [&](const auto* a, const auto* b) {
    return is_better(view.goal, *(a->*value), *(b->*value));
  });
  return trials;
}

/// How many are to stand out: a tenth, from three to ten.
std::size_t outstanding(std::size_t trials) {
  return std::min(trials, std::clamp<std::size_t>(trials / 10, 3, 10));
}

/// Lines of many trials would cover the ground: with colours some of them, evenly by their value;
/// without, where only what is drawn tells the best, none.
Trials others_drawn(const SweepView& view, std::span<const SweepTrial* const> others) {
  constexpr std::size_t most = 30;
  if (!view.coloured && view.with_value().size() + view.pruned().size() > many) return {};
  Trials out;
  for (std::size_t i = 0; i < others.size(); ++i)
    if (i * most / others.size() != (i + 1) * most / others.size() || others.size() <= most)
      out.push_back(others[i]);
  return out;
}

/// The trials that have lines.
struct Drawn {
  Trials all, pruned;  ///< the best first
  std::size_t best;
  Trials others_shown, pruned_shown;

  explicit Drawn(const SweepView& view)
      : all(sorted(view, view.with_value(), &SweepTrial::value)),
        pruned(sorted(view, view.pruned(), &SweepTrial::pruned_value)),
        best(outstanding(all.size())),
        others_shown(others_drawn(view, std::span(all).subspan(best))),
        pruned_shown(others_drawn(view, pruned)) {}
};

std::string legend(const SweepView& view, const Drawn& drawn) {
  const auto& first = *view.best();
  const auto all = drawn.all.size(), others = drawn.others_shown.size();
  const auto pruned = drawn.pruned.size(), dotted_ones = drawn.pruned_shown.size();
  std::vector<std::string> parts;
  if (view.coloured && others > 0)
    parts.push_back(fmt::format("green: the best {} of {} trials", drawn.best, all));
  else if (drawn.best + others < all)
    parts.push_back(fmt::format("the best {} of {} trials", drawn.best, all));
  if (others > 0 && drawn.best + others < all)
    parts.push_back(fmt::format("grey: {} of the others", others));
  parts.push_back(fmt::format("best: {} by trial {}", short_number(*first.value), first.number));
  if (dotted_ones > 0 && dotted_ones < pruned)
    parts.push_back(fmt::format("dotted: {} of {} pruned", dotted_ones, pruned));
  else if (dotted_ones > 0)
    parts.push_back(fmt::format("dotted: {} pruned", pruned));
  else if (pruned > 0)
    parts.push_back(fmt::format("pruned: {}", pruned));
  if (const auto failed = view.failed()) parts.push_back(fmt::format("failed: {}", failed));
  return legend_lines(parts, view.columns());
}

/// Those that vary, or if none does, all.
std::vector<ParameterAxis> axes_of(const SweepView& view,
                                   const std::vector<std::string>& parameters) {
  std::vector<ParameterAxis> all, varying;
  for (const auto& path : parameters) {
    const ParameterAxis axis(view.trials, path);
    if (axis.has_values()) all.push_back(axis);
    if (axis.values().size() > 1) varying.push_back(axis);
  }
  return varying.empty() ? all : varying;
}

/// Those that find no room, without which the others remain.
std::vector<std::string> leave_out(std::vector<ParameterAxis>& axes, int columns) {
  std::vector<std::string> out;
  const auto fitting = static_cast<std::size_t>((columns - 1) / least_spacing);
  for (auto i = fitting; i < axes.size(); ++i) out.push_back(axes[i].path());
  if (axes.size() > fitting)
    axes.erase(axes.begin() + std::ssize(axes) - std::ssize(out), axes.end());
  return out;
}

}  // namespace

std::string parallel_coordinates(const SweepView& view,
                                 const std::vector<std::string>& parameters) {
  if (const auto nothing = view.nothing()) return *nothing;
  auto axes = axes_of(view, parameters);
  if (axes.empty()) return "No trial has one of these parameters.\n";
  const auto left_out = leave_out(axes, view.columns());
  const Drawn drawn(view);
  const auto text =
      Lines(view, axes)
          .text(std::span(drawn.all).first(drawn.best), drawn.others_shown, drawn.pruned_shown);
  auto below = legend(view, drawn);
  if (!left_out.empty())
    below += wrapped(fmt::format("not shown: {}", fmt::join(left_out, ", ")), view.columns());
  return text + below;
}

}  // namespace runner
