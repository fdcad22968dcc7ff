#include "runner/terminal/curve_chart.hpp"

#include "runner/terminal/letters.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/plot_area.hpp"
#include "runner/terminal/sweep_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr int label_columns = 12;
constexpr int least_chart_width = 40;

/// The page's colours, as near as 256 of them come.
Ink ink_of(std::size_t i) {
  constexpr std::array colours{33, 208, 36, 170, 178, 117, 141, 247};
  return {colours[i % colours.size()], {}};
}

std::string letter_of(std::size_t i) {
  return std::string(1, static_cast<char>((i < 26 ? 'a' : 'A') + static_cast<char>(i % 26)));
}

/// What can be drawn of the curves, and where it lies.
class Frame {
 public:
  Frame(const MetricCurves& curves, const CurveChartLook& look) : look_(look) {
    for (const auto& curve : curves.curves)
      for (std::size_t i = 0; i < curve.x.size(); ++i)
        if (shows(curve.y[i])) {
          values_.push_back(curve.y[i]);
          low_ = std::min(low_, curve.x[i]);
          high_ = std::max(high_, curve.x[i]);
        }
  }

  bool shows(double value) const {
    return std::isfinite(value) && (!look_.logarithmic || value > 0);
  }
  bool is_empty() const { return values_.empty(); }
  Scale values() const { return {values_, look_.logarithmic}; }
  double place(double x) const { return high_ > low_ ? (x - low_) / (high_ - low_) : 0; }

  std::vector<Tick> ticks() const {
    const std::array ends{low_, high_};
    std::vector<Tick> ticks;
    for (const double x : Scale(ends, false).ticks()) ticks.push_back({place(x), text(x)});
    return ticks;
  }

 private:
  std::string text(double x) const {
    return look_.axis == CurveAxis::time ? how_long(x) : short_number(x);
  }

  const CurveChartLook& look_;
  std::vector<double> values_;
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

/// Joined from point to point; a gap where there is a NaN.
void draw(Braille& dots, const RunCurve& curve, const Frame& frame, const PlotArea& area) {
  bool joined = false;
  int x0 = 0, y0 = 0;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    if (!frame.shows(curve.y[i])) {
      joined = false;
      continue;
    }
    const int x = area.x(frame.place(curve.x[i])), y = area.y(curve.y[i]);
    joined ? dots.line(x0, y0, x, y) : dots.dot(x, y);
    if (curve.x.size() == 1) dots.blot(x, y);
    joined = true;
    x0 = x;
    y0 = y;
  }
}

/// Letters at a distance from each other, those of other curves between them.
void mark(PlotArea& area, const RunCurve& curve, const Frame& frame, std::size_t number,
          std::size_t of) {
  constexpr int distance = 24;
  int next = static_cast<int>(number * distance / of);
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    if (!frame.shows(curve.y[i])) continue;
    const int x = area.x(frame.place(curve.x[i]));
    if (x < next && i + 1 < curve.x.size()) continue;
    area.mark(x, area.y(curve.y[i]), letter_of(number), ink_of(number));
    next = x + distance;
  }
}

/// `a mnist  last 0.0264`
std::string legend(const MetricCurves& curves, const CurveChartLook& look, const Frame& frame) {
  std::string out;
  for (std::size_t i = 0; i < curves.curves.size(); ++i) {
    const auto& curve = curves.curves[i];
    const auto last = std::find_if(curve.y.rbegin(), curve.y.rend(),
                                   [&](double value) { return frame.shows(value); });
    const auto value = last == curve.y.rend() ? "nothing to draw" : "last " + short_number(*last);
    const auto letter = curves.curves.size() == 1 ? "" : letter_of(i) + " ";
    const int begin = display_width(letter);
    const int room = look.width - begin - 2 - display_width(value);
    const auto label = without_end(curve.label, std::max(room, 8));
    Picture line(look.width, 1);
    line.write(0, 0, letter, ink_of(i));
    line.write(begin, 0, label);
    line.write(begin + display_width(label) + 2, 0, value, ink::faint);
    out += line.text(look.coloured);
  }
  return out;
}

std::string title(const MetricCurves& curves, const CurveChartLook& look) {
  constexpr std::array axes{"step", "epoch", "time"};
  return wrapped(
      fmt::format("{}{} over {}", curves.metric, look.logarithmic ? " (logarithmic)" : "",
                  axes[static_cast<std::size_t>(look.axis)]),
      look.width);
}

}  // namespace

int curve_chart_resolution(int width) {
  return 2 * (std::max(width, least_chart_width) - label_columns);
}

std::string curve_chart(const MetricCurves& curves, const CurveChartLook& given) {
  auto look = given;
  look.width = std::max(look.width, least_chart_width);
  const Frame frame(curves, look);
  if (frame.is_empty())
    return wrapped(fmt::format("{} has no value {}to draw.", curves.metric,
                               look.logarithmic ? "above 0 " : ""),
                   look.width);
  PlotArea area(frame.values(), look.width, look.height);
  area.label(frame.ticks());
  const auto count = curves.curves.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto dots = area.empty();
    draw(dots, curves.curves[i], frame, area);
    area.lay(dots, count == 1 ? Ink{} : ink_of(i));
  }
  for (std::size_t i = 0; i < count && count > 1 && !look.coloured; ++i)
    mark(area, curves.curves[i], frame, i, count);
  return title(curves, look) + area.text(look.coloured) + legend(curves, look, frame);
}

std::string curve_charts(const std::vector<MetricCurves>& metrics, const CurveChartLook& look) {
  std::string charts;
  for (const auto& curves : metrics)
    charts += (charts.empty() ? "" : "\n") + curve_chart(curves, look);
  return charts;
}

}  // namespace runner
