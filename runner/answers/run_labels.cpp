#include "runner/answers/run_labels.hpp"

#include "experiments/json.hpp"
#include "experiments/reference.hpp"

#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

using Settings = std::map<std::string, std::string>;

Settings settings_of(const Database& database, const std::string& id) {
  auto row = database.prepare("SELECT path, value FROM config WHERE run_id = ? AND path <> 'name'");
  row.with(id);
  Settings settings;
  while (row.step()) {
    settings[row.text(0)] = as_text(to_json(row.value(1)));
  }
  return settings;
}

/// The paths at which not all have the same.
std::set<std::string> differing(const std::vector<Settings>& all) {
  std::set<std::string> paths;
  for (const auto& settings : all)
    for (const auto& [path, value] : settings)
      for (const auto& other : all)
        if (const auto found = other.find(path); found == other.end() || found->second != value)
          paths.insert(path);
  return paths;
}

std::string described(const Settings& settings, const std::set<std::string>& paths) {
  std::vector<std::string> parts;
  for (const auto& path : paths)
    if (const auto found = settings.find(path); found != settings.end())
      parts.push_back(fmt::format("{} {}", path, found->second));
  return fmt::format("{}", fmt::join(parts, ", "));
}

bool are_distinct(const std::vector<std::string>& texts) {
  return std::set<std::string>(texts.begin(), texts.end()).size() == texts.size();
}

}  // namespace

std::vector<std::string> run_labels(const Database& database, const std::vector<std::string>& ids) {
  constexpr std::size_t few = 3;
  std::vector<std::string> names, by_settings, by_id;
  std::vector<Settings> settings;
  for (const auto& id : ids) names.push_back(name_of(database, id));
  if (are_distinct(names)) return names;
  for (const auto& id : ids) settings.push_back(settings_of(database, id));
  const auto paths = differing(settings);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    by_settings.push_back(fmt::format("{}: {}", names[i], described(settings[i], paths)));
    by_id.push_back(fmt::format("{} {}", names[i], ids[i]));
  }
  return paths.size() <= few && are_distinct(by_settings) ? by_settings : by_id;
}

}  // namespace runner
