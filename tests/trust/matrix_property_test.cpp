#include "runner/recipe/yaml.hpp"
#include "runner/sweep/matrix.hpp"
#include "tests/trust/chance.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace runner;

namespace {

/// Path to value.
using Point = std::map<std::string, int>;

/// Paths that turn together, and their values side by side.
struct Turning {
  std::vector<std::string> paths;
  std::vector<std::vector<int>> values;  // of each path
};

Turning random_turning(std::mt19937_64& random, std::size_t number, bool zips) {
  Turning made;
  const auto length = 1 + below(random, 4);
  for (std::size_t i = 0; i < (zips ? 2 : 1); ++i) {
    made.paths.push_back(fmt::format("a{}.x{}", number, i));
    std::vector<int> values(length);
    for (std::size_t k = 0; k < length; ++k) values[k] = static_cast<int>(k * (i + 1));
    std::ranges::shuffle(values, random);
    made.values.push_back(values);
  }
  return made;
}

std::vector<Point> product(const std::vector<Turning>& all) {
  std::vector<Point> points{{}};
  for (const auto& turning : all) {
    std::vector<Point> longer;
    for (const auto& point : points)
      for (std::size_t k = 0; k < turning.values[0].size(); ++k) {
        auto next = point;
        for (std::size_t i = 0; i < turning.paths.size(); ++i)
          next[turning.paths[i]] = turning.values[i][k];
        longer.push_back(next);
      }
    points = longer;
  }
  return points;
}

std::string as_yaml(const Turning& turning) {
  std::vector<std::string> axes;
  for (std::size_t i = 0; i < turning.paths.size(); ++i)
    axes.push_back(fmt::format("{}: {}", turning.paths[i], turning.values[i]));
  return fmt::format("{}", fmt::join(axes, ", "));
}

std::string as_yaml(const Point& point) {
  std::vector<std::string> parts;
  for (const auto& [path, value] : point) parts.push_back(fmt::format("{}: {}", path, value));
  return fmt::format("{{{}}}", fmt::join(parts, ", "));
}

bool contains(const Point& point, const Point& part) {
  return std::ranges::all_of(part, [&](const auto& each) {
    const auto found = point.find(each.first);
    return found != point.end() && found->second == each.second;
  });
}

/// Every cell as a line, in the order of the paths, or what is wrong.
std::multiset<std::string> expanded(const std::string& matrix) {
  Problems problems;
  const Place start{std::make_shared<Source>(Source{"r.yaml", matrix, false}), 1, 1};
  const auto cells = expand_matrix(parse_yaml(start, matrix, problems).value(), problems);
  if (!problems.empty()) return {problems.render()};
  std::multiset<std::string> lines;
  for (const auto& cell : cells) {
    Point point;
    for (const auto& each : cell) point[each.path] = plain(each.value).get<int>();
    lines.insert(as_yaml(point));
  }
  return lines;
}

}  // namespace

TEST_CASE("property: a matrix is the product of its axes and zips, without what is excluded") {
  by_chance(300, [](auto& random) {
    std::vector<Turning> all;
    for (std::size_t i = 0; i < 1 + below(random, 4); ++i)
      all.push_back(random_turning(random, i, false));
    auto yaml = std::string();
    for (const auto& axis : all) yaml += (yaml.empty() ? "" : ", ") + as_yaml(axis);
    if (below(random, 2) == 0) {
      all.push_back(random_turning(random, all.size(), true));
      yaml += ", zip: {" + as_yaml(all.back()) + "}";
    }
    auto wanted = product(all);
    if (wanted.size() > 1 && below(random, 2) == 0) {
      Point excluded;
      for (const auto& each : wanted[below(random, wanted.size())])
        if (excluded.empty() || below(random, 2) == 0) excluded.insert(each);
      auto rest = wanted;
      std::erase_if(rest, [&](const auto& point) { return contains(point, excluded); });
      if (!rest.empty()) {  // a matrix of no cell is a mistake
        wanted = rest;
        yaml += ", exclude: [" + as_yaml(excluded) + "]";
      }
    }
    std::multiset<std::string> lines;
    for (const auto& point : wanted) lines.insert(as_yaml(point));
    INFO(yaml);
    CHECK(fmt::format("{}", fmt::join(expanded("{" + yaml + "}"), "\n")) ==
          fmt::format("{}", fmt::join(lines, "\n")));
  });
}
