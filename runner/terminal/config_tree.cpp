#include "runner/terminal/config_tree.hpp"

#include "runner/terminal/cell.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>
#include <sstream>

namespace runner {
namespace {

using Path = std::vector<std::string>;

struct Line {
  Path path;
  const Setting* setting;
};

Path path_in_tree(const std::string& dotted) {
  Path path;
  std::istringstream in(dotted);
  for (std::string part; std::getline(in, part, '.');) path.push_back(part);
  if (path.size() > 1 && path.back() == "name") path.pop_back();
  return path;
}

std::vector<Line> in_order(const std::vector<Setting>& settings) {
  std::vector<Line> lines;
  lines.reserve(settings.size());
  for (const auto& setting : settings) lines.push_back({path_in_tree(setting.path), &setting});
  std::ranges::sort(lines, {}, &Line::path);
  return lines;
}

std::string indented(const Path& path, std::size_t depth) {
  return std::string(2 * depth, ' ') + path[depth];
}

// The branches on the way to a line that the line before it was not on.
void add_branches(Table& table, const Path& before, const Path& path) {
  const auto common = std::ranges::mismatch(before, path).in1 - before.begin();
  for (auto depth = static_cast<std::size_t>(common); depth + 1 < path.size(); ++depth) {
    table.add_row() = {indented(path, depth), "", ""};
  }
}

}  // namespace

std::string config_tree(const std::vector<Setting>& settings, int width) {
  Table table;
  for (const char* title : {"config", "value", "from"}) table.add_column(title);
  Path before;
  for (const auto& [path, setting] : in_order(settings)) {
    add_branches(table, before, path);
    table.add_row() = {indented(path, path.size() - 1), cell(setting->value), setting->origin};
    before = path;
  }
  return table.text(width);
}

}  // namespace runner
