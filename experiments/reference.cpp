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

std::vector<Candidate> latest(const Database& database, std::string_view except) {
  auto select = database.prepare(
      "SELECT id, name FROM runs WHERE id <> ? ORDER BY sequence DESC, id DESC LIMIT 5");
  select.with(except);
  return candidates(std::move(select));
}

// The newest whose results somebody is after; where there is none, the newest.
std::string last(const Database& database, const Candidate& newest, std::string_view except) {
  auto select = database.prepare(
      "SELECT id FROM runs WHERE purpose IS NULL AND id <> ? ORDER BY sequence DESC, id DESC"
      " LIMIT 1");
  return select.with(except).step() ? select.text(0) : newest.id;
}

// A run that failed before it had trained a step does not take the name over, nor does one that
// only checks.
std::vector<Candidate> latest_named(const Database& database, std::string_view name,
                                    std::string_view except) {
  auto select = database.prepare(
      "SELECT id, name FROM runs r WHERE name = ?1 AND id <> ?2 ORDER BY purpose IS NOT NULL,"
      " status = 'failed' AND"
      " NOT EXISTS (SELECT 1 FROM series s WHERE s.run_id = r.id AND s.count > 0"
      " AND s.name NOT LIKE 'system/%'), sequence DESC, id DESC LIMIT 1");
  select.with(name, except);
  return candidates(std::move(select));
}

// An id sorts behind its own beginning and before that beginning followed by '~'.
std::vector<Candidate> beginning_with(const Database& database, std::string_view prefix,
                                      std::string_view except) {
  auto select = database.prepare(
      "SELECT id, name FROM runs WHERE id >= ?1 AND id < ?1 || '~' AND id <> ?2"
      " ORDER BY id DESC LIMIT 6");
  select.with(prefix, except);
  return candidates(std::move(select));
}

}  // namespace

std::string find_run(const Database& database, std::string_view reference,
                     std::string_view except) {
  const auto newest = latest(database, except);
  if (newest.empty())
    throw UserError(fmt::format("there are no runs yet in {}", database.file().string()));
  if (reference == "last") return last(database, newest.front(), except);

  const auto matches = beginning_with(database, reference, except);
  if (matches.size() == 1 || (!matches.empty() && matches.back().id == reference))
    return matches.back().id;
  if (const auto named = latest_named(database, reference, except); !named.empty())
    return named.front().id;
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
