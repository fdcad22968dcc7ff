#include "runner/complete/store_words.hpp"

#include "experiments/listing.hpp"
#include "experiments/location.hpp"
#include "experiments/quoting.hpp"
#include "experiments/reference.hpp"
#include "experiments/schema.hpp"
#include "runner/terminal/moment.hpp"

#include <set>

#include <fmt/format.h>

namespace runner::complete {
namespace {

/// Not by Store: nothing is brought up to date, and no process is looked for, before a word is
/// complete.
template <class Result, class Read>
Result read(const MaybeFile& file, const Read& read) try {
  const Database database(find_database(file), Database::Open::existing);
  read_as_todays(database);
  return read(database);
} catch (const std::exception&) {
  return {};
}

}  // namespace

Candidates runs(const MaybeFile& database) {
  return read<Candidates>(database, [](const Database& opened) {
    auto row = opened.prepare(
        "SELECT id, name, status, started FROM runs ORDER BY sequence DESC, id DESC LIMIT 200");
    Candidates names, ids;
    std::set<std::string> seen;
    while (row.step()) {
      const auto about = fmt::format("{}, {}", row.text(2), how_long_ago(row.integer(3), now_ms()));
      if (seen.insert(row.text(1)).second) names.push_back({row.text(1), "the latest: " + about});
      ids.push_back({row.text(0), fmt::format("{}: {}", row.text(1), about)});
    }
    Candidates all;
    if (!ids.empty()) all.push_back({"last", "the run that began last"});
    all.insert(all.end(), names.begin(), names.end());
    all.insert(all.end(), ids.begin(), ids.end());
    return all;
  });
}

Candidates sweeps(const MaybeFile& database) {
  return read<Candidates>(database, [](const Database& opened) {
    auto row = opened.prepare(
        "SELECT id, name, started FROM sweeps ORDER BY sequence DESC, id DESC LIMIT 100");
    Candidates names, ids;
    std::set<std::string> seen;
    while (row.step()) {
      const auto about = "sweep, " + how_long_ago(row.integer(2), now_ms());
      if (seen.insert(row.text(1)).second) names.push_back({row.text(1), about});
      ids.push_back({row.text(0), row.text(1) + ": " + about});
    }
    names.insert(names.end(), ids.begin(), ids.end());
    return names;
  });
}

Candidates tags(const MaybeFile& database) {
  return read<Candidates>(database, [](const Database& opened) {
    Candidates all;
    auto row = opened.prepare("SELECT DISTINCT tag FROM tags ORDER BY tag");
    while (row.step()) all.push_back({row.text(0), ""});
    return all;
  });
}

Candidates metrics(const MaybeFile& database) {
  return read<Candidates>(database, [](const Database& opened) {
    Candidates all;
    for (const auto& name : all_names(opened).metrics) all.push_back({name, "metric"});
    return all;
  });
}

Candidates names(const MaybeFile& database) {
  return read<Candidates>(database, [](const Database& opened) {
    const auto known = all_names(opened);
    Candidates all;
    for (const auto& name : known.columns) all.push_back({name, "column"});
    for (const auto& name : known.metrics)
      all.push_back({metric_as_written(opened, name), "metric"});
    for (const auto& name : known.settings) all.push_back({as_written(name), "setting"});
    return all;
  });
}

std::string config_of(const MaybeFile& database, const std::string& run) {
  return read<std::string>(database, [&](const Database& opened) {
    auto row = opened.prepare("SELECT config FROM documents WHERE run_id = ?");
    return row.with(find_run(opened, run)).step() ? row.text(0) : "";
  });
}

}  // namespace runner::complete
