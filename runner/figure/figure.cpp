#include "runner/figure/figure.hpp"

#include "experiments/text.hpp"
#include "runner/figure/markup.hpp"
#include "runner/figure/panel.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace runner::figure {
namespace {

constexpr double line_height = 18;
constexpr double above = 26, below = 26, around = 12, axis_title = 22;
constexpr int usual_height = 300, least_panel = 100;

/// An entry of the legend: where it begins, and in which of its lines.
struct Entry {
  double left;
  int line;
};

double width_of(const RunCurve& curve) {
  return 34 + letter * static_cast<double>(letters_in(curve.label));
}

/// Side by side as far as the width goes.
std::vector<Entry> entries(const Figure& figure) {
  std::vector<Entry> out;
  Entry next{around, 0};
  for (const auto& curve : figure.panels.front().curves) {
    const double width = width_of(curve);
    if (next.left > around && next.left + width > figure.width - around)
      next = {around, next.line + 1};
    out.push_back(next);
    next.left += width + 14;
  }
  return out;
}

/// One run needs no legend, but is named.
double legend_height(const Figure& figure) {
  return 8 + line_height * (entries(figure).back().line + 1);
}

std::string legend(const Figure& figure) {
  std::string out;
  const auto places = entries(figure);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double y = 8 + line_height * (places[i].line + 0.7);
    out += fmt::format(
        "<path d=\"M{} {}h22\" stroke=\"{}\" stroke-width=\"2.4\"/><text x=\"{}\" y=\"{}\" "
        "font-size=\"{}\">{}</text>\n",
        coordinate(places[i].left), coordinate(y - 4), colour_of(i),
        coordinate(places[i].left + 28), coordinate(y), font,
        escaped(figure.panels.front().curves[i].label));
  }
  return "<g id=\"legend\">\n" + out + "</g>\n";
}

std::string described(const Figure& figure) {
  std::string metrics, runs;
  for (const auto& panel : figure.panels) metrics += (metrics.empty() ? "" : ", ") + panel.metric;
  for (const auto& curve : figure.panels.front().curves)
    runs += (runs.empty() ? "" : ", ") + curve.label;
  return fmt::format("{} of {}", metrics, runs);
}

std::string panels(const Figure& figure) {
  const double top = legend_height(figure);
  const double each =
      (height_of(figure) - top - axis_title) / static_cast<double>(figure.panels.size());
  const auto box_of = [&](std::size_t i, double left) {
    const double begin = top + each * static_cast<double>(i);
    return Box{left, begin + above, figure.width - 20.0, begin + each - below};
  };
  double left = 0;
  for (std::size_t i = 0; i < figure.panels.size(); ++i)
    left = std::max(left, label_room(figure, figure.panels[i], box_of(i, 0)));
  std::string out;
  for (std::size_t i = 0; i < figure.panels.size(); ++i)
    out += panel(figure, figure.panels[i], box_of(i, left), fmt::format("panel-{}", i + 1));
  constexpr std::array titles{"step", "epoch", "time since the start"};
  return out +
         fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"middle\">{}</text>\n",
                     coordinate((left + figure.width - 20) / 2), coordinate(height_of(figure) - 8),
                     font, titles[static_cast<std::size_t>(figure.axis)]);
}

}  // namespace

int least_height(const Figure& figure) {
  const auto count = static_cast<int>(figure.panels.size());
  return static_cast<int>(legend_height(figure) + axis_title) + count * least_panel;
}

int height_of(const Figure& figure) {
  if (figure.height > 0) return figure.height;
  const auto count = static_cast<int>(figure.panels.size());
  const int each = count == 1 ? usual_height + usual_height / 3 : usual_height;
  return static_cast<int>(legend_height(figure)) + count * each;
}

std::string_view colour_of(std::size_t i) {
  constexpr std::array<std::string_view, 8> colours{"#0060a8", "#b34700", "#00735c", "#9a3e7c",
                                                    "#8a6400", "#2b7bba", "#5b4bb5", "#555e68"};
  return colours[i % colours.size()];
}

std::string svg(const Figure& figure) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
      "{1}\" "
      "role=\"img\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" fill=\"#1a1f26\">\n"
      "<title>{2}</title>\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n{3}{4}</svg>\n",
      figure.width, height_of(figure), escaped(described(figure)), legend(figure), panels(figure));
}

}  // namespace runner::figure
