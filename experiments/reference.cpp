#include "experiments/reference.hpp"

#include "experiments/error.hpp"
#include "experiments/text.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

struct Candidate {
  std::string id;
  std::string name;
};

std::vector<Candidate> candidates(Statement select) {
  std::vector<Candidate> found;
  while (select.step()) found.push_back({select.text(0), select.text(1)});
  return found;
}

std::string describe(const std::vector<Candidate>& runs) {
  std::vector<std::string> texts;
  texts.reserve(runs.size());
  for (const auto& run : runs) texts.push_back(fmt::format("{} ({})", run.id, printable(run.name)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::vector<Candidate> latest(const Database& database) {
  return candidates(database.prepare("SELECT id, name FROM runs ORDER BY id DESC LIMIT 5"));
}

std::vector<Candidate> latest_named(const Database& database, std::string_view name) {
  auto select =
      database.prepare("SELECT id, name FROM runs WHERE name = ? ORDER BY id DESC LIMIT 1");
  select.with(name);
  return candidates(std::move(select));
}

// An id sorts behind its own beginning and before that beginning followed by '~'.
std::vector<Candidate> beginning_with(const Database& database, std::string_view prefix) {
  auto select = database.prepare(
      "SELECT id, name FROM runs WHERE id >= ?1 AND id < ?1 || '~' ORDER BY id DESC LIMIT 6");
  select.with(prefix);
  return candidates(std::move(select));
}

}  // namespace

std::string find_run(const Database& database, std::string_view reference) {
  const auto newest = latest(database);
  if (newest.empty())
    throw UserError(fmt::format("there are no runs yet in {}", database.file().string()));
  if (reference == "last") return newest.front().id;

  const auto matches = beginning_with(database, reference);
  if (matches.size() == 1 || (!matches.empty() && matches.back().id == reference))
    return matches.back().id;
  if (const auto named = latest_named(database, reference); !named.empty()) return named.front().id;
  if (matches.empty() || reference.empty()) {
    throw UserError(
        fmt::format("no run '{}'; the latest are {}", printable(reference), describe(newest)));
  }
  throw UserError(fmt::format("'{}' begins the ids of several runs: {}{}", reference,
                              describe(matches), matches.size() == 6 ? ", ..." : ""));
}

std::vector<std::string> find_runs(const Database& database,
                                   const std::vector<std::string>& references) {
  std::vector<std::string> ids;
  for (const auto& reference : references)
    if (auto id = find_run(database, reference); std::ranges::find(ids, id) == ids.end())
      ids.push_back(std::move(id));
  return ids;
}

std::string name_of(const Database& database, std::string_view run_id) {
  auto name = database.prepare("SELECT name FROM runs WHERE id = ?");
  return name.with(run_id).step() ? name.text(0) : "";
}

}  // namespace runner
