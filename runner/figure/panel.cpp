#include "runner/figure/panel.hpp"

#include "runner/figure/axis.hpp"
#include "runner/figure/markup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace runner::figure {
namespace {

struct Span {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void take(double value, bool positive) {
    if (!std::isfinite(value) || (positive && value <= 0)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  /// Something to draw on where there is nothing to draw.
  std::pair<double, double> or_usual() const {
    return low <= high ? std::pair{low, high} : std::pair{1.0, 10.0};
  }
};

/// The same for all panels, which stand above each other.
Axis x_axis(const Figure& figure, const Box& box) {
  Span span;
  for (const auto& panel : figure.panels)
    for (const auto& curve : panel.curves)
      for (const double x : curve.x) span.take(x, false);
  const auto [low, high] = span.or_usual();
  const auto kind = figure.axis == CurveAxis::time ? AxisKind::time : AxisKind::linear;
  return {kind, low, high, 0.01, box.left, box.right};
}

Axis y_axis(const Figure& figure, const MetricCurves& curves, const Box& box) {
  Span span;
  for (const auto& curve : curves.curves)
    for (std::size_t i = 0; i < curve.points.size(); ++i)
      for (const double y : {curve.y[i], curve.points[i].min, curve.points[i].max})
        span.take(y, figure.logarithmic);
  const auto [low, high] = span.or_usual();
  const auto kind = figure.logarithmic ? AxisKind::logarithmic : AxisKind::linear;
  return {kind, low, high, 0.05, box.bottom, box.top};
}

std::string grid(const Axis& x, const Axis& y, const Box& box) {
  std::string lines, words;
  const auto y_labels = y.labels(), x_labels = x.labels();
  for (std::size_t i = 0; i < y.ticks().size(); ++i) {
    const double at = y(y.ticks()[i]);
    lines += fmt::format("<path d=\"M{} {}H{}\"/>\n", coordinate(box.left), coordinate(at),
                         coordinate(box.right));
    words += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n",
                         coordinate(box.left - 8), coordinate(at + 0.35 * font), y_labels[i]);
  }
  for (std::size_t i = 0; i < x.ticks().size(); ++i) {
    const double at = x(x.ticks()[i]);
    lines += fmt::format("<path d=\"M{} {}V{}\"/>\n", coordinate(at), coordinate(box.top),
                         coordinate(box.bottom));
    words += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                         coordinate(at), coordinate(box.bottom + 1.5 * font), x_labels[i]);
  }
  return fmt::format(
      "<g stroke=\"#e3e7ec\" stroke-width=\"1\">\n{}</g>\n<g fill=\"#40474f\" font-size=\"{}\">\n{}"
      "</g>\n<path d=\"M{} {}V{}H{}\" fill=\"none\" stroke=\"#59626d\"/>\n",
      lines, font, words, coordinate(box.left), coordinate(box.top), coordinate(box.bottom),
      coordinate(box.right));
}

/// `M1 2L3 4`, begun anew behind a gap.
std::string path(const RunCurve& curve, const std::vector<double>& values, const Axis& x,
                 const Axis& y) {
  std::string out;
  bool joined = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool shown = y.shows(values[i]);
    if (shown)
      out += fmt::format("{}{} {}", joined ? 'L' : 'M', coordinate(x(curve.x[i])),
                         coordinate(y(values[i])));
    joined = shown;
  }
  return out;
}

/// From the least to the greatest of what each point stands for; empty where they stand for one.
std::string band(const RunCurve& curve, const Axis& x, const Axis& y) {
  if (std::ranges::all_of(curve.points, [](const auto& point) { return point.count == 1; }))
    return "";
  std::string out;
  const auto shows = [&](std::size_t i) {
    return y.shows(curve.points[i].min) && y.shows(curve.points[i].max);
  };
  for (std::size_t begin = 0; begin < curve.points.size();) {
    auto end = begin;
    while (end < curve.points.size() && shows(end)) ++end;
    for (auto i = begin; i < end; ++i)
      out += fmt::format("{}{} {}", i == begin ? 'M' : 'L', coordinate(x(curve.x[i])),
                         coordinate(y(curve.points[i].max)));
    for (auto i = end; i > begin; --i)
      out += fmt::format("L{} {}{}", coordinate(x(curve.x[i - 1])),
                         coordinate(y(curve.points[i - 1].min)), i - 1 == begin ? "Z" : "");
    begin = std::max(end, begin + 1);
  }
  return out;
}

std::vector<double> means(const RunCurve& curve) {
  std::vector<double> out;
  for (const auto& point : curve.points) out.push_back(point.mean);
  return out;
}

/// Few points are marked each, so that a single one is seen.
std::string dots(const RunCurve& curve, const Axis& x, const Axis& y, std::string_view colour) {
  constexpr std::size_t few = 30;
  if (curve.x.size() > few) return "";
  std::string out = fmt::format("<g fill=\"{}\">", colour);
  for (std::size_t i = 0; i < curve.x.size(); ++i)
    if (y.shows(curve.y[i]))
      out += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"2.5\"/>", coordinate(x(curve.x[i])),
                         coordinate(y(curve.y[i])));
  return out + "</g>\n";
}

std::string line(const RunCurve& curve, std::string_view colour, const std::string& way) {
  return fmt::format(
      "<path data-run=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\" "
      "stroke-linejoin=\"round\" d=\"{}\"><title>{}</title></path>\n",
      escaped(curve.run), colour, way, escaped(curve.label));
}

std::string curves_of(const Figure& figure, const MetricCurves& curves, const Axis& x,
                      const Axis& y) {
  std::string behind, front;
  for (std::size_t i = 0; i < curves.curves.size(); ++i) {
    const auto& curve = curves.curves[i];
    const auto colour = colour_of(i);
    if (const auto area = band(curve, x, y); !area.empty())
      behind += fmt::format("<path fill=\"{}\" fill-opacity=\"0.16\" d=\"{}\"/>\n", colour, area);
    if (figure.smoothed)
      behind += fmt::format("<path fill=\"none\" stroke=\"{}\" stroke-opacity=\"0.3\" d=\"{}\"/>\n",
                            colour, path(curve, means(curve), x, y));
    front += line(curve, colour, path(curve, curve.y, x, y)) + dots(curve, x, y, colour);
  }
  return behind + front;
}

}  // namespace

double label_room(const Figure& figure, const MetricCurves& curves, const Box& box) {
  std::size_t longest = 1;
  for (const auto& label : y_axis(figure, curves, box).labels())
    longest = std::max(longest, label.size());
  return static_cast<double>(longest) * letter + 16;
}

std::string panel(const Figure& figure, const MetricCurves& curves, const Box& box,
                  const std::string& id) {
  const auto x = x_axis(figure, box), y = y_axis(figure, curves, box);
  return fmt::format(
      "<g id=\"{0}\">\n<clipPath id=\"{0}-inside\"><rect x=\"{1}\" y=\"{2}\" width=\"{3}\" "
      "height=\"{4}\"/></clipPath>\n<text x=\"{1}\" y=\"{5}\" font-size=\"13\" "
      "font-weight=\"bold\">{6}</text>\n{7}<g clip-path=\"url(#{0}-inside)\">\n{8}</g>\n</g>\n",
      id, coordinate(box.left), coordinate(box.top), coordinate(box.right - box.left),
      coordinate(box.bottom - box.top), coordinate(box.top - 8), escaped(curves.metric),
      grid(x, y, box), curves_of(figure, curves, x, y));
}

}  // namespace runner::figure
