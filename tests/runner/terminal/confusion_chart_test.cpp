#include "runner/terminal/confusion_chart.hpp"

#include "runner/terminal/table.hpp"

#include <sstream>

#include <doctest/doctest.h>

using namespace runner;

namespace {

std::vector<std::vector<std::int64_t>> diagonal(std::size_t classes) {
  std::vector<std::vector<std::int64_t>> counts(classes, std::vector<std::int64_t>(classes));
  for (std::size_t i = 0; i < classes; ++i) counts[i][i] = 5;
  return counts;
}

}  // namespace

TEST_CASE("a confusion matrix is drawn as numbers, a row for each true class with its recall") {
  CHECK(confusion_chart({{980, 1, 0}, {20, 1100, 15}, {0, 0, 0}}, 80, false) ==
        "true    0     1     2     recall\n"
        "   0  980     1     0    99.90 %\n"
        "   1   20  1100    15    96.92 %\n"
        "   2    0     0     0\n");
}

TEST_CASE("on a terminal right answers are green and mistakes red, the deeper the more") {
  CHECK(confusion_chart({{4, 0}, {1, 3}}, 80, true) ==
        "true 0  1     recall\n"
        "   0\033[38;5;15;48;5;46m 4 \033[0m 0   100.00 %\n"
        "   1\033[38;5;15;48;5;88m 1 \033[0m\033[38;5;15;48;5;40m 3 \033[0m   75.00 %\n");
}

TEST_CASE("a confusion matrix that is too wide for numbers is drawn as shades") {
  CHECK(confusion_chart({{100000, 0, 0}, {10000, 40000, 50000}, {25000, 75000, 0}}, 30, false) ==
        "true          recall\n"
        "   0 │█  │  100.00 %\n"
        "   1 │░▒▓│   40.00 %\n"
        "   2 │▒█ │    0.00 %\n"
        "     shares of a row: ░ above 0, ▒ 25 %, ▓ 50 %, █ 75 %\n");
}

TEST_CASE("the recall of classes that share a letter is their own, not that of the letter") {
  auto counts = diagonal(30);
  counts[0] = std::vector<std::int64_t>(30);
  counts[0][1] = 5;
  CHECK(confusion_chart(counts, 40, false).find("   0 │█              │   50.00 %\n") !=
        std::string::npos);
}

TEST_CASE("a confusion matrix of 1000 classes fits a terminal, several classes in a letter") {
  std::istringstream lines(confusion_chart(diagonal(1000), 80, false));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) CHECK(display_width(line) <= 80);
  CHECK(count == 65);
}
