#include "runner/sweep/matrix.hpp"

#include "experiments/nearest.hpp"
#include "runner/recipe/merge.hpp"
#include "runner/recipe/path.hpp"
#include "runner/recipe/sweep_keys.hpp"
#include "runner/sweep/axis_values.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

/// Cells that differ in one path, or in several side by side: each is crossed with the others.
using Dimension = std::vector<Cell>;

bool is_word(std::string_view key) {
  return std::ranges::find(matrix_words, key, &MatrixWord::name) != matrix_words.end();
}

/// {optimizer: {lr: [0.1]}}, as `matrix.optimizer.lr=[0.1]` makes it, is {optimizer.lr: [0.1]}.
void flatten(const Node& map, const std::string& prefix, std::vector<Entry>& out) {
  for (const auto& entry : map.entries) {
    // An element of a list is {groups: {"[0]": ...}}.
    const bool is_element = element_of(entry.key) && prefix.ends_with('.');
    const auto path = (is_element ? prefix.substr(0, prefix.size() - 1) : prefix) + entry.key;
    if (prefix.empty() && is_word(entry.key)) continue;
    if (entry.value.is_map() && !is_range(entry.value)) {
      flatten(entry.value, path + ".", out);
      continue;
    }
    const auto same = [&](const Entry& earlier) { return earlier.key == path; };
    const auto earlier = std::find_if(out.begin(), out.end(), same);
    if (earlier == out.end())
      out.push_back({path, entry.key_place, entry.value});
    else  // an argument's: it keeps the place in the order
      *earlier = {path, entry.key_place, entry.value};
  }
}

std::vector<Entry> flattened(const Node& map) {
  std::vector<Entry> out;
  flatten(map, "", out);
  return out;
}

Dimension dimension(const Entry& axis, Problems& problems) {
  Dimension out;
  for (auto& value : axis_values(axis.key, axis.value, problems))
    out.push_back({{axis.key, axis.key_place, std::move(value)}});
  return out;
}

Dimension zip(const Node& map, Problems& problems) {
  Dimension out;
  std::string first;
  for (const auto& axis : flattened(map)) {
    auto next = dimension(axis, problems);
    if (next.empty()) return {};
    if (first.empty()) {
      first = axis.key;
      out = std::move(next);
    } else if (next.size() != out.size()) {
      problems.add(axis.value.place,
                   fmt::format("matrix: zip puts values side by side, but {} has {} and {} has {}",
                               first, out.size(), axis.key, next.size()));
    } else {
      for (std::size_t i = 0; i < out.size(); ++i) out[i].push_back(std::move(next[i].front()));
    }
  }
  return out;
}

/// One map, or a list of them.
std::vector<Node> maps(const std::string& word, const Node* node, Problems& problems) {
  if (!node) return {};
  const auto list = node->kind == Node::Kind::list ? node->items : std::vector<Node>{*node};
  for (const auto& map : list) {
    if (map.is_map()) continue;
    problems.add(
        map.place,
        fmt::format("matrix: {} is a map of paths and values, or a list of such maps", word));
    return {};
  }
  return list;
}

std::vector<Cell> cross(const std::vector<Cell>& cells, const Dimension& dimension) {
  std::vector<Cell> out;
  out.reserve(cells.size() * dimension.size());
  for (const auto& cell : cells)
    for (const auto& more : dimension) {
      out.push_back(cell);
      out.back().insert(out.back().end(), more.begin(), more.end());
    }
  return out;
}

/// A component by its bare name is any with that name.
bool is_value(const Json& assigned, const Json& wanted) {
  if (assigned.is_object() && wanted.is_string())
    return assigned.value("name", Json()) == wanted;  // which may be no text at all
  if (assigned.is_string() && wanted.is_object()) return wanted == Json{{"name", assigned}};
  return assigned == wanted;
}

bool matches(const Cell& cell, const Node& map) {
  if (map.entries.empty()) return false;
  return std::all_of(map.entries.begin(), map.entries.end(), [&](const Entry& wanted) {
    return std::any_of(cell.begin(), cell.end(), [&](const Assignment& assigned) {
      return assigned.path == wanted.key && is_value(plain(assigned.value), plain(wanted.value));
    });
  });
}

void refuse_bad_path(const Entry& entry, Problems& problems) {
  const auto& path = entry.key;
  const auto first = path.substr(0, path.find('.'));
  if (path_steps(path).empty())
    problems.add(entry.key_place,
                 fmt::format("matrix: '{}' is no path, such as optimizer.lr", path));
  if (first == "extends" || is_sweep_key(first))
    problems.add(
        entry.key_place,
        fmt::format("matrix: '{}' is of the recipe as a whole; cells cannot differ in it", first));
}

/// What the cells differ in: each path once.
std::vector<std::string> varied_paths(const Node& matrix, Problems& problems) {
  auto axes = flattened(matrix);
  for (const auto& map : maps("zip", matrix.find("zip"), problems)) {
    auto more = flattened(map);
    std::move(more.begin(), more.end(), std::back_inserter(axes));
  }
  std::vector<std::string> paths;
  for (const auto& axis : axes) {
    refuse_bad_path(axis, problems);
    if (std::find(paths.begin(), paths.end(), axis.key) != paths.end())
      problems.add(axis.key_place, fmt::format("matrix: {} is varied twice", axis.key));
    paths.push_back(axis.key);
  }
  return paths;
}

/// False when it names a path that no cell has.
bool has_known_paths(const Node& map, const std::vector<std::string>& paths, Problems& problems) {
  bool all_known = true;
  for (const auto& entry : map.entries) {
    if (std::find(paths.begin(), paths.end(), entry.key) != paths.end()) continue;
    all_known = false;
    problems.add(entry.key_place,
                 fmt::format("matrix: exclude names {}, which the matrix does not vary; {}",
                             entry.key, what_instead(entry.key, paths)));
  }
  return all_known;
}

/// As a message shows it: a component without fields by its name.
std::string value_words(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// The values of one path, each once.
std::vector<Json> values_at(const std::string& path, const std::vector<Cell>& cells) {
  std::vector<Json> values;
  for (const auto& cell : cells)
    for (const auto& assigned : cell)
      if (auto value = plain(assigned.value);
          assigned.path == path && std::ranges::find(values, value) == values.end())
        values.push_back(std::move(value));
  return values;
}

/// "did you mean 'sgd'?", or the values that there are.
std::string which_values(const Json& wanted, const std::vector<Json>& values) {
  constexpr std::size_t most = 12;
  std::vector<std::string> words;
  for (const auto& value : values) words.push_back(value_words(value));
  if (wanted.is_string() && nearest(value_words(wanted), words))
    return what_instead(value_words(wanted), words);
  const bool all = words.size() <= most;
  if (!all) words.resize(most);
  return fmt::format("expected one of {}{}", fmt::join(words, ", "), all ? "" : ", ...");
}

std::string pairs_of(const Node& map) {
  std::vector<std::string> pairs;
  for (const auto& entry : map.entries)
    pairs.push_back(fmt::format("{}: {}", entry.key, value_words(plain(entry.value))));
  return fmt::format("{}", fmt::join(pairs, ", "));
}

/// What takes out nothing was meant to take out something.
void refuse_idle_exclude(const Node& map, const std::vector<Cell>& cells, Problems& problems) {
  if (cells.empty() || std::ranges::any_of(cells, [&](const auto& it) { return matches(it, map); }))
    return;
  const auto problems_before = problems.size();
  for (const auto& entry : map.entries) {
    const auto wanted = plain(entry.value);
    const auto values = values_at(entry.key, cells);
    if (std::ranges::any_of(values, [&](const Json& each) { return is_value(each, wanted); }))
      continue;
    problems.add(entry.value.place,
                 fmt::format("matrix: exclude names {}: {}, which no cell has; {}", entry.key,
                             value_words(wanted), which_values(wanted, values)));
  }
  if (problems.size() != problems_before) return;
  problems.add(map.place, map.entries.empty()
                              ? "matrix: exclude is empty; expected paths and values, as in "
                                "{optimizer.lr: 0.3, seed: 2}"
                              : fmt::format("matrix: exclude matches no cell: none has {} together",
                                            pairs_of(map)));
}

/// What the other cells lack; a cell that is there already was meant to be another.
void include(const Node& map, Cell cell, std::vector<Cell>& cells, Problems& problems) {
  const auto is_same = [&](const Cell& other) {
    return other.size() == cell.size() && !cell.empty() &&
           std::ranges::all_of(cell, [&](const Assignment& mine) {
             return std::ranges::any_of(other, [&](const Assignment& theirs) {
               return mine.path == theirs.path && plain(mine.value) == plain(theirs.value);
             });
           });
  };
  if (std::ranges::any_of(cells, is_same))
    problems.add(
        map.place,
        fmt::format("matrix: include adds no cell: there is one with {} already", pairs_of(map)));
  else
    cells.push_back(std::move(cell));
}

std::vector<Dimension> dimensions(const Node& matrix, Problems& problems) {
  std::vector<Dimension> out;
  for (const auto& axis : flattened(matrix)) out.push_back(dimension(axis, problems));
  for (const auto& map : maps("zip", matrix.find("zip"), problems))
    out.push_back(zip(map, problems));
  return out;
}

std::vector<Cell> crossed(const std::vector<Dimension>& dimensions, const Place& place,
                          Problems& problems) {
  if (dimensions.empty()) return {};
  std::vector<Cell> cells{{}};
  for (const auto& dimension : dimensions) {
    if (cells.size() * dimension.size() > most_cells) {
      problems.add(place, fmt::format("matrix: it has more than {} cells", most_cells));
      return {};
    }
    cells = cross(cells, dimension);
  }
  return cells;
}

Cell included(const Node& map, Problems& problems) {
  Cell cell;
  for (const auto& entry : map.entries) {
    refuse_bad_path(entry, problems);
    cell.push_back({entry.key, entry.key_place, entry.value});
  }
  return cell;
}

}  // namespace

std::vector<Cell> expand_matrix(const Node& matrix, Problems& problems) {
  if (!matrix.is_map()) {
    problems.add(matrix.place,
                 "matrix: expected a map of paths and their values, as in "
                 "{optimizer.lr: [0.1, 0.3]}");
    return {};
  }
  const auto paths = varied_paths(matrix, problems);
  const auto all = crossed(dimensions(matrix, problems), matrix.place, problems);
  auto cells = all;
  for (const auto& map : maps("exclude", matrix.find("exclude"), problems)) {
    if (has_known_paths(map, paths, problems)) refuse_idle_exclude(map, all, problems);
    std::erase_if(cells, [&](const Cell& cell) { return matches(cell, map); });
  }
  for (const auto& map : maps("include", matrix.find("include"), problems))
    include(map, included(map, problems), cells, problems);
  if (cells.empty() && problems.empty()) problems.add(matrix.place, "matrix: it has no cells");
  return cells;
}

Node as_recipe(const Cell& cell) {
  auto recipe = Node::make_map({});
  // Whole components come before their fields.
  auto sorted = cell;
  const auto depth = [](const Assignment& each) {
    return std::ranges::count_if(each.path, [](char c) { return c == '.' || c == '['; });
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto& a, const auto& b) { return depth(a) < depth(b); });
  for (auto& each : sorted)
    merge(recipe,
          nested(each.path, std::move(each.value), [&](std::size_t) { return each.place; }));
  return recipe;
}

}  // namespace runner
