#include "experiments/comparison.hpp"

#include "experiments/json.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace runner {
namespace {

using Json = nlohmann::ordered_json;

/// Rows as their values come, run by run.
class Rows {
 public:
  explicit Rows(std::size_t runs) : runs_(runs) {}

  void put(const std::string& name, std::size_t run, Json value) {
    auto& values = rows_.try_emplace(name, runs_).first->second;
    values[run] = std::move(value);
  }

  /// The members of an object, each by its path.
  void put_all(const std::string& prefix, std::size_t run, const Json& document) {
    if (document.is_object() && !document.empty()) {
      for (const auto& [name, value] : document.items())
        put_all(prefix.empty() ? name : prefix + "." + name, run, value);
    } else if (!document.is_null()) {
      put(prefix, run, document);
    }
  }

  std::vector<ComparedRow> take() {
    std::vector<ComparedRow> rows;
    for (auto& [name, values] : rows_) rows.push_back({name, std::move(values)});
    return rows;
  }

 private:
  std::size_t runs_;
  std::map<std::string, std::vector<Json>> rows_;
};

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

void put_code(Rows& rows, std::size_t i, const Run& run) {
  rows.put("git commit", i, or_null(run.git_commit));
  rows.put("uncommitted changes", i, or_null(run.git_diff));
  const auto versions = to_json_document(run.versions);
  rows.put("runner", i, versions.is_object() ? versions.value("runner", Json()) : Json());
}

void put_surrounding(Rows& rows, std::size_t i, const Run& run) {
  rows.put("host", i, run.process.host);
  rows.put("device", i, or_null(run.device));
  rows.put("ranks", i, or_null(run.world_size));
  rows.put("nodes", i, or_null(run.nodes));
  auto versions = to_json_document(run.versions);
  if (versions.is_object()) versions.erase("runner");
  rows.put_all("", i, versions);
  rows.put_all("environment", i, to_json_document(run.environment));
}

void put_metrics(Rows& rows, std::size_t i, const RunDetails& run) {
  for (const auto& metric : run.metrics)
    rows.put(metric.metric, i,
             {{"last", to_json(metric.last)},
              {"min", to_json(metric.min)},
              {"max", to_json(metric.max)}});
}

}  // namespace

bool ComparedRow::differs() const {
  return std::ranges::any_of(values, [&](const Json& value) { return value != values.front(); });
}

Comparison compare_runs(const Database& database, const std::vector<std::string>& ids) {
  Comparison all;
  Rows config(ids.size()), code(ids.size()), data(ids.size()), surrounding(ids.size()),
      metrics(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    all.runs.push_back(read_run(database, ids[i]));
    const auto& run = all.runs.back().run;
    for (const auto& [path, value, origin] : run.settings) config.put(path, i, to_json(value));
    put_code(code, i, run);
    data.put_all("", i, to_json_document(run.data));
    put_surrounding(surrounding, i, run);
    put_metrics(metrics, i, all.runs.back());
  }
  all.config = config.take();
  all.code = code.take();
  all.data = data.take();
  all.surrounding = surrounding.take();
  all.metrics = metrics.take();
  return all;
}

Parting find_parting(const Database& database, const std::string& run_a, const std::string& run_b,
                     const std::string& metric) {
  constexpr auto both =
      " FROM series s JOIN series t ON t.run_id = ?2 AND t.name = ?3"
      " JOIN points p ON p.series_id = s.id JOIN points q ON q.series_id = t.id AND q.step = p.step"
      " WHERE s.run_id = ?1 AND s.name = ?3";
  Parting parting;
  // A NaN is a NULL here, and infinity less infinity is one: no distance makes up for either.
  auto all = database.prepare(
      fmt::format("SELECT count(*), ifnull(max(iif(p.value IS q.value, 0, ifnull(abs(p.value - "
                  "q.value) / max(abs(p.value), abs(q.value)), 9e999))), 0){}",
                  both));
  all.with(run_a, run_b, metric).step();
  parting.common = all.integer(0);
  parting.largest = all.real(1);
  auto first = database.prepare(fmt::format(
      "SELECT p.step, p.value, q.value{} AND p.value IS NOT q.value ORDER BY p.step LIMIT 1",
      both));
  if (!first.with(run_a, run_b, metric).step()) return parting;
  parting.step = first.integer(0);
  parting.a = first.real(1);
  parting.b = first.real(2);
  return parting;
}

std::optional<std::int64_t> first_step(const Database& database, const std::string& run_id,
                                       const std::string& metric) {
  auto first = database.prepare(
      "SELECT min(p.step) FROM series s JOIN points p ON p.series_id = s.id"
      " WHERE s.run_id = ? AND s.name = ?");
  first.with(run_id, metric).step();
  return first.optional_integer(0);
}

std::vector<double> values_with_other_seeds(const Database& database, const std::string& run_id,
                                            const std::string& metric) {
  auto others = database.prepare(
      "SELECT s.last_value FROM runs r JOIN series s ON s.run_id = r.id AND s.name = ?2"
      " WHERE r.name = (SELECT name FROM runs WHERE id = ?1) AND r.id <> ?1 AND r.status = 'done'"
      " AND s.last_value IS NOT NULL AND NOT EXISTS (SELECT 1 FROM config a"
      " LEFT JOIN config b ON b.run_id = r.id AND b.path = a.path"
      " WHERE a.run_id = ?1 AND a.path NOT IN ('seed', 'name') AND a.value IS NOT b.value)"
      " ORDER BY r.sequence DESC, r.id DESC LIMIT 100");
  others.with(run_id, metric);
  std::vector<double> values;
  while (others.step()) values.push_back(others.real(0));
  return values;
}

}  // namespace runner
