#include "experiments/selection.hpp"

#include "experiments/better.hpp"
#include "experiments/error.hpp"
#include "experiments/nearest.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace runner::filter {
namespace {

struct Column {
  std::string_view name;
  std::string_view sql;
  Field::Type type;
};

using enum Field::Type;
constexpr auto tags_of_run = "(SELECT group_concat(tag, ' ') FROM tags WHERE run_id = r.id)";
constexpr std::array columns = {
    Column{"id", "r.id", text},
    Column{"name", "r.name", text},
    Column{"recipe", "r.recipe", text},
    Column{"status", "r.status", status},
    Column{"reason", "r.reason", text},
    Column{"started", "r.started", time},
    Column{"ended", "r.ended", time},
    // A run that still goes on lasts until now; one that waits in a queue, not at all.
    Column{"duration",
           "iif(r.status = 'queued', NULL, (ifnull(r.ended, (julianday('now') - 2440587.5) *"
           " 86400000) - r.started) / 1000.0)",
           number},
    Column{"host", "r.host", text},
    Column{"device", "r.device", text},
    Column{"seed", "r.seed", number},
    Column{"commit", "r.git_commit", text},
    Column{"world_size", "r.world_size", number},
    Column{"nodes", "r.nodes", number},
    Column{"launcher", "r.launcher", text},
    Column{"job_id", "r.job_id", any},
    Column{"restarts", "r.restarts", number},
    Column{"sweep", "r.sweep", text},
    Column{"note", "r.note", text},
    Column{"archived", "iif(r.archived, 'true', 'false')", text},
    Column{"tags", tags_of_run, tags},
    Column{"tag", tags_of_run, tags},
};

}  // namespace

std::vector<std::string> column_names() {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const auto& column : columns) names.emplace_back(column.name);
  return names;
}

std::optional<Field> Selection::find(const Name& name) {
  asked_.push_back(name.text);
  if (name.of.empty()) {
    const auto column = std::ranges::find(columns, name.text, &Column::name);
    if (column != columns.end())
      return Field{std::string(column->sql), column->type, std::string(column->sql)};
    if (const auto path = config_path(name.text)) return config_field(*path);
  }
  if (!exists("SELECT 1 FROM series WHERE name = ? LIMIT 1", name.text)) return {};
  return metric_field(name);
}

bool Selection::has_asked(std::string_view name) const {
  return std::ranges::find(asked_, name) != asked_.end();
}

Field Selection::get(const Name& name) {
  auto field = find(name);
  if (!field) throw UserError(unknown(name));
  return *field;
}

// A component's path means its name: the config holds optimizer.name.
std::optional<std::string> Selection::config_path(const std::string& name) const {
  for (const auto& path : {name, name + ".name"}) {
    if (exists("SELECT 1 FROM config WHERE path = ? LIMIT 1", path)) return path;
  }
  return {};
}

bool Selection::exists(std::string_view sql, const std::string& text) const {
  return database_.prepare(sql).with(text).step();
}

Field Selection::config_field(const std::string& path) {
  const std::string value = join("config", "path", path) + ".value";
  return {value, Field::Type::any, value};
}

Field Selection::metric_field(const Name& name) {
  const std::string series = join("series", "name", name.text);
  std::string value;
  if (name.of == "first" || name.of == "at")
    value = fmt::format(
        "(SELECT value FROM points WHERE series_id = {}.id{} ORDER BY step {} LIMIT 1)", series,
        name.of == "at" ? " AND step <= " + bind(name.step) : "", name.of == "at" ? "DESC" : "ASC");
  else
    value = fmt::format("{}.{}_value", series,
                        name.of == "best" ? (more_is_better(name.text) ? "max" : "min")
                        : name.of.empty() ? "last"
                                          : name.of);
  return {value, Field::Type::number,
          fmt::format("iif({}.count, ifnull({}, 'NaN'), NULL)", series, value)};
}

std::string Selection::join(const std::string& table, const std::string& column,
                            const std::string& name) {
  const auto same = std::ranges::find_if(
      joined_, [&](const Join& join) { return join.table == table && join.name == name; });
  if (same != joined_.end()) return same->alias;
  std::string alias = fmt::format("j{}", joined_.size());
  from_ += fmt::format(" LEFT JOIN {0} {1} ON {1}.run_id = r.id AND {1}.{2} = {3}", table, alias,
                       column, bind(name));
  joined_.push_back({table, name, alias});
  return alias;
}

std::string Selection::bind(Value value) {
  parameters_.push_back(std::move(value));
  return fmt::format("?{}", parameters_.size());
}

Statement Selection::select(const std::string& fields, const std::string& rest) const {
  Statement statement = database_.prepare(fmt::format("SELECT {} FROM {} {}", fields, from_, rest));
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    statement.bind(static_cast<int>(i) + 1, parameters_[i]);
  return statement;
}

std::string Selection::unknown(const Name& name) const {
  const std::string_view what = name.of.empty() ? "metric, config path or column" : "metric";
  const auto near = nearest(name.text, known_names());
  return fmt::format("no run has a {} '{}'{}", what, name.text,
                     near ? fmt::format("; did you mean '{}'?", *near) : "");
}

std::vector<std::string> Selection::known_names() const {
  auto names = column_names();
  auto select = database_.prepare(
      "SELECT DISTINCT path FROM config UNION SELECT DISTINCT name FROM series UNION"
      " SELECT DISTINCT substr(path, 1, length(path) - 5) FROM config WHERE path LIKE '%.name'");
  while (select.step()) names.push_back(select.text(0));
  return names;
}

}  // namespace runner::filter
