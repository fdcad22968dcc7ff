#include "runner/terminal/curve_chart.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace runner;

namespace {

RunCurve of(const std::string& label, const std::vector<double>& values) {
  RunCurve curve{"", label, label, {}, {}, values};
  for (std::size_t i = 0; i < values.size(); ++i) curve.x.push_back(static_cast<double>(i));
  return curve;
}

CurveChartLook small() {
  CurveChartLook look;
  look.width = 44;
  look.height = 5;
  return look;
}

}  // namespace

TEST_CASE("a curve is joined from point to point, with a gap at a NaN") {
  CHECK("\n" + curve_chart({"loss", {of("mnist", {4, 3, std::nan(""), 1, 0})}}, small()) == R"(
loss over step
         4 ┤⠉⠒⠢⠤⣀⣀
           │      ⠉⠑⠂
         2 ┤
           │                       ⠠⢄⣀⡀
         0 ┤                          ⠈⠉⠑⠒⠢⠄
           └┬───────┬──────┬───────┬───────┬
            0       1      2       3       4
mnist  last 0
)");
}

TEST_CASE("curves of several runs bear letters where there are no colours") {
  CHECK("\n" + curve_chart({"loss", {of("one", {4, 3, 2, 1, 0}), of("other", {0, 1, 2, 3, 4})}},
                           small()) ==
        R"(
loss over step
         4 ┤a⠒⠢⠤⣀⣀                    ⣀⡠⠤⠒⠊b
           │      ⠉⠑⠒⠤⠤⣀⣀     ⢀⣀⡠⠤⠔b⠊⠉
         2 ┤            ⣀⡠⠤a⠊⠉⠁⡀
           │     ⣀⣀⠤b⠒⠊⠉       ⠈⠉⠑⠒⠤⢄⣀⡀
         0 ┤⠤⠒⠒⠉⠉                     ⠈⠉⠑⠒⠢a
           └┬───────┬──────┬───────┬───────┬
            0       1      2       3       4
a one  last 0
b other  last 4
)");
}

TEST_CASE("with colours each run has one, on its curve and in the legend") {
  auto look = small();
  look.coloured = true;
  const auto text = curve_chart({"loss", {of("one", {4, 3}), of("other", {0, 1})}}, look);
  CHECK(text.find("\033[38;5;33ma \033[0mone") != std::string::npos);
  CHECK(text.find("\033[38;5;208mb \033[0mother") != std::string::npos);
}

TEST_CASE("a chart that has nothing to draw says so") {
  auto look = small();
  look.logarithmic = true;
  CHECK(curve_chart({"loss", {of("mnist", {0, -1})}}, look) ==
        "loss has no value above 0 to draw.\n");
  CHECK(curve_chart({"loss", {of("mnist", {})}}, small()) == "loss has no value to draw.\n");
}
