#include "runner/recipe/path.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace runner {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// A part between two dots, such as `groups[0]`; false when it is none.
bool add_steps(std::string_view part, std::size_t offset, std::vector<PathStep>& steps) {
  if (is_number(part) && !steps.empty()) {
    steps.push_back({"[" + std::string(part) + "]", offset});
    return true;
  }
  const auto name = part.substr(0, part.find('['));
  if (name.empty() && (part.empty() || steps.empty())) return false;
  if (!name.empty()) steps.push_back({std::string(name), offset});
  for (auto at = name.size(); at < part.size();) {
    const auto end = part.find(']', at);
    if (part[at] != '[' || end == part.npos || !is_number(part.substr(at + 1, end - at - 1)))
      return false;
    steps.push_back({std::string(part.substr(at, end - at + 1)), offset + at});
    at = end + 1;
  }
  return true;
}

}  // namespace

std::vector<PathStep> path_steps(std::string_view path) {
  std::vector<PathStep> steps;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('.', begin), path.size());
    if (!add_steps(path.substr(begin, end - begin), begin, steps)) return {};
    begin = end + 1;
  }
  return steps;
}

std::optional<std::size_t> element_of(std::string_view step) {
  if (!step.starts_with('[') || !step.ends_with(']')) return std::nullopt;
  const auto digits = step.substr(1, step.size() - 2);
  if (!is_number(digits)) return std::nullopt;
  std::size_t index = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  return result.ec == std::errc{} ? index : std::numeric_limits<std::size_t>::max();
}

Node nested(std::string_view path, Node value,
            const std::function<Place(std::size_t offset)>& place_of) {
  const auto steps = path_steps(path);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const auto place = place_of(step->offset);
    value = Node::make_map(place, {{step->key, place, std::move(value)}});
  }
  return value;
}

const Node* child_of(const Node& node, const PathStep& step) {
  const auto index = element_of(step.key);
  if (!index) return node.find(step.key);
  return *index < node.items.size() ? &node.items[*index] : nullptr;
}

const Node* find_at(const Node& recipe, std::string_view path) {
  const auto* node = &recipe;
  for (const auto& step : path_steps(path)) {
    node = child_of(*node, step);
    if (!node) return nullptr;
  }
  return node;
}

}  // namespace runner
