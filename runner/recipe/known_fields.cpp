#include "runner/recipe/known_fields.hpp"

#include "experiments/nearest.hpp"
#include "runner/recipe/spot.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

constexpr std::size_t most_suggested = 3;

void add_fields(const Spot& spot, std::vector<std::string>& out) {
  if (spot.field && !spot.is_element) out.push_back(spot.path);
  // A group's fields are those of its optimizer, which come first.
  if (spot.field && spot.field->type == Type::groups) return;
  for (const auto& each : inside(spot)) add_fields(each, out);
}

std::string last_step(const std::string& path) { return path.substr(path.rfind('.') + 1); }

std::vector<std::string> paths_to(const std::string& name, const std::vector<std::string>& known) {
  std::vector<std::string> paths;
  for (const auto& path : known)
    if (path == name || last_step(path) == name) paths.push_back(path);
  return paths;
}

}  // namespace

std::vector<std::string> known_fields(const Node& recipe) {
  const auto given = plain(recipe);
  std::vector<std::string> out;
  add_fields(spot_of(given), out);
  return out;
}

std::string suggested_paths(std::string_view name, std::string_view value,
                            const std::vector<std::string>& known) {
  auto paths = paths_to(std::string(name), known);
  if (paths.empty()) {
    auto names = known;
    for (const auto& path : known) names.push_back(last_step(path));
    if (const auto close = nearest(name, names)) paths = paths_to(*close, known);
  }
  if (paths.size() > most_suggested) paths.resize(most_suggested);
  if (!value.empty())
    for (auto& path : paths) path += fmt::format("={}", value);
  return fmt::format("{}", fmt::join(paths, " or "));
}

bool is_enumeration(std::string_view text) {
  return text.find(',') != text.npos && text.find_first_of("[{\"' ") == text.npos &&
         text.front() != ',' && text.back() != ',' && text.find(",,") == text.npos;
}

std::string as_matrix(const std::string& path, std::string_view values) {
  return fmt::format("'matrix.{}=[{}]'", path, values);
}

}  // namespace runner
