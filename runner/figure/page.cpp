#include "runner/figure/page.hpp"

#include "experiments/json.hpp"
#include "runner/figure/markup.hpp"
#include "runner/ui/assets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace runner::figure {
namespace {

using Json = nlohmann::ordered_json;

std::string_view asset(std::string_view path) {
  const auto all = ui::assets();
  const auto found = std::ranges::find(all, path, &ui::Asset::path);
  if (found == all.end()) throw std::logic_error(fmt::format("no asset {}", path));
  return found->bytes;
}

/// Modules that import nothing but each other, as one: a file that is opened from a disk may not
/// import others.
std::string joined_modules() {
  std::string out;
  for (const auto* path : {"/format.js", "/theme.js", "/chart.js"}) {
    std::istringstream lines{std::string(asset(path))};
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("import ")) continue;
      out += (line.starts_with("export ") ? line.substr(7) : line) + "\n";
    }
  }
  return out;
}

Json numbers(const std::vector<double>& values) {
  auto out = Json::array();
  for (const double value : values) out.push_back(std::isfinite(value) ? Json(value) : Json());
  return out;
}

template <class Member>
Json numbers(const std::vector<CurvePoint>& points, Member member) {
  std::vector<double> values;
  for (const auto& point : points) values.push_back(point.*member);
  return numbers(values);
}

Json curve_json(const RunCurve& curve) {
  return {{"run", curve.run},
          {"label", curve.label},
          {"x", numbers(curve.x)},
          {"y", numbers(curve.y)},
          {"mean", numbers(curve.points, &CurvePoint::mean)},
          {"min", numbers(curve.points, &CurvePoint::min)},
          {"max", numbers(curve.points, &CurvePoint::max)}};
}

Json figure_json(const Figure& figure) {
  constexpr std::array axes{"step", "epoch", "time"};
  auto labels = Json::array(), panels = Json::array();
  for (const auto& curve : figure.panels.front().curves) labels.push_back(curve.label);
  for (const auto& panel : figure.panels) {
    auto curves = Json::array();
    for (const auto& curve : panel.curves) curves.push_back(curve_json(curve));
    panels.push_back({{"metric", panel.metric}, {"curves", std::move(curves)}});
  }
  return {{"axis", axes[static_cast<std::size_t>(figure.axis)]},
          {"logarithmic", figure.logarithmic},
          {"smoothed", figure.smoothed},
          {"labels", std::move(labels)},
          {"panels", std::move(panels)}};
}

/// Nothing in a JSON text ends the script that it stands in.
std::string in_script(const Json& json) {
  std::string out;
  for (const char letter : dumped(json))
    out += letter == '<' ? std::string("\\u003c") : std::string(1, letter);
  return out;
}

void fill(std::string& text, std::string_view place, std::string_view with) {
  text.replace(text.find(place), place.size(), with);
}

std::string title(const Figure& figure) {
  std::string out;
  for (const auto& panel : figure.panels) out += (out.empty() ? "" : ", ") + panel.metric;
  return escaped(out);
}

}  // namespace

std::string page(const Figure& figure) {
  std::string out(asset("/figure.html"));
  // From the end on, so that what is filled in is not searched.
  fill(out, "MODULES", joined_modules());
  fill(out, "D3", asset("/d3.min.js"));
  fill(out, "FIGURE", in_script(figure_json(figure)));
  fill(out, "PICTURE", svg(figure));
  fill(out, "TITLE", title(figure));
  return out;
}

}  // namespace runner::figure
