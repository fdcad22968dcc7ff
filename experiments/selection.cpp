#include "experiments/selection.hpp"

#include "experiments/better.hpp"
#include "experiments/error.hpp"
#include "experiments/nearest.hpp"
#include "experiments/quoting.hpp"

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
    // The time that it has run: until now, if it still does. One that waits in a queue has none.
    Column{"duration",
           "iif(r.status = 'queued', NULL, (ifnull(r.ended, (julianday('now') - 2440587.5) *"
           " 86400000) - r.started - r.idle) / 1000.0)",
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
    Column{"purpose", "r.purpose", text},
    Column{"note", "r.note", text},
    Column{"archived", "iif(r.archived, 'true', 'false')", text},
    Column{"tags", tags_of_run, tags},
    Column{"tag", tags_of_run, tags},
};

/// "eval/loss" -> "validation/loss"; empty for another name.
std::string of_validation(const std::string& metric) {
  constexpr std::string_view eval = "eval/";
  return metric.starts_with(eval) ? "validation/" + metric.substr(eval.size()) : "";
}

}  // namespace

std::vector<std::string> column_names() {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const auto& column : columns) names.emplace_back(column.name);
  return names;
}

std::optional<Field> Selection::find(const Name& name) {
  const bool is_metric = has_metric(name.text) || has_metric(of_validation(name.text));
  if (name.of.empty() && !name.quoted) {
    asked_.push_back(name.text);
    const auto column = std::ranges::find(columns, name.text, &Column::name);
    if (column != columns.end()) {
      if (is_metric) note_hidden_metric(name, "a column that every run has");
      return Field{std::string(column->sql), column->type, std::string(column->sql)};
    }
  }
  if (const auto path = name.of.empty() ? config_path(name, is_metric) : std::nullopt) {
    if (is_metric) note_hidden_metric(name, fmt::format("the setting {}", *path));
    return config_field(*path);
  }
  return is_metric ? std::optional(metric_field(name)) : std::nullopt;
}

bool Selection::has_metric(const std::string& name) const {
  return !name.empty() && exists("SELECT 1 FROM series WHERE name = ? LIMIT 1", name);
}

void Selection::note_hidden_metric(const Name& name, const std::string& what) {
  const auto written = as_written(name.text);
  const auto note =
      fmt::format("{} is {}; the metric of that name is last({})", written, what, written);
  if (std::ranges::find(notes_, note) == notes_.end()) notes_.push_back(note);
}

bool Selection::has_asked(std::string_view name) const {
  return std::ranges::find(asked_, name) != asked_.end();
}

Field Selection::get(const Name& name) {
  auto field = find(name);
  if (!field) throw UserError(unknown(name));
  return *field;
}

// A component's path means its name: the config holds optimizer.name. In quotes a name is taken by
// its letters first, so that "loss" is the metric where `loss` is loss.name.
std::optional<std::string> Selection::config_path(const Name& name, bool is_metric) const {
  const auto is_path = [&](const std::string& path) {
    return exists("SELECT 1 FROM config WHERE path = ? LIMIT 1", path);
  };
  if (is_path(name.text)) return name.text;
  const auto component = name.text + ".name";
  return !(name.quoted && is_metric) && is_path(component) ? std::optional(component)
                                                           : std::nullopt;
}

bool Selection::exists(std::string_view sql, const std::string& text) const {
  return database_.prepare(sql).with(text).step();
}

Field Selection::config_field(const std::string& path) {
  const std::string value = join("config", "path", path) + ".value";
  return {value, Field::Type::any, value};
}

/// Runs that evaluate several splits have "validation/X" where others have "eval/X".
Field Selection::metric_field(const Name& name) {
  auto other = name;
  other.text = of_validation(name.text);
  if (!has_metric(other.text)) return field_of_series(name);
  if (!has_metric(name.text)) return field_of_series(other);
  const auto one = field_of_series(name), two = field_of_series(other);
  return {fmt::format("coalesce({}, {})", one.sql, two.sql), one.type,
          fmt::format("coalesce({}, {})", one.shown, two.shown)};
}

Field Selection::field_of_series(const Name& name) {
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
  const std::string_view what = !name.of.empty() ? "metric"
                                : name.quoted    ? "metric or config path"
                                                 : "metric, config path or column";
  const auto said = fmt::format("no run has a {} '{}'", what, name.text);
  if (name.quoted && std::ranges::find(columns, name.text, &Column::name) != columns.end())
    return said + "; without quotes it is a column";
  const auto near = nearest(name.text, known_names());
  if (!near) return said;
  const auto written = as_written(*near);
  return fmt::format("{}; did you mean {}?", said,
                     is_quoted(written) ? written : fmt::format("'{}'", written));
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
