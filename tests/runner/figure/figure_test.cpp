#include "runner/figure/figure.hpp"

#include "experiments/text.hpp"

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

using namespace runner;

namespace {

MetricCurves of(const std::vector<double>& values) {
  RunCurve curve{"2q6gsxa52f", "mnist", "mnist", {}, {}, values};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto step = static_cast<std::int64_t>(i) + 1;
    curve.points.push_back({step, std::nan(""), 0, 1, values[i], values[i], values[i]});
    curve.x.push_back(static_cast<double>(step));
  }
  return {"train/loss", {curve}};
}

std::string curve_in(const std::string& svg) {
  const auto begin = svg.find(" d=\"", svg.find("data-run")) + 4;
  return svg.substr(begin, svg.find('"', begin) - begin);
}

}  // namespace

TEST_CASE(
    "a curve has a gap where a value is NaN, and on a logarithmic axis where it is not above 0") {
  const auto moves = [](const std::string& path) { return std::ranges::count(path, 'M'); };
  figure::Figure drawn{{of({3, 2, std::nan(""), 1, 0, 0.5})}};
  CHECK(moves(curve_in(figure::svg(drawn))) == 2);
  drawn.logarithmic = true;
  CHECK(moves(curve_in(figure::svg(drawn))) == 3);
}

TEST_CASE(
    "a single point, equal values and nothing at all are drawn, without a number that is none") {
  for (const auto& values :
       std::vector<std::vector<double>>{{1}, {0, 0}, {}, {std::nan("")}, {1e-320, 1e308}})
    for (const bool logarithmic : {false, true}) {
      const auto svg = figure::svg({{of(values)}, CurveAxis::step, logarithmic});
      CHECK(svg.find("nan") == std::string::npos);
      CHECK(svg.find("inf") == std::string::npos);
      CHECK(svg.size() < 20'000);
    }
}

TEST_CASE("a picture is XML whatever runs are called") {
  auto metric = of({1, 2});
  metric.curves[0].label = "caf\xe9 \x1b<&";
  const auto svg = figure::svg({{metric}});
  CHECK(svg.find("caf\uFFFD \\x1b&lt;&amp;") != std::string::npos);
  CHECK_FALSE(bad_utf8_at(svg));
}
