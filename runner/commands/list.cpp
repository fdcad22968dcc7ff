#include "runner/commands/list.hpp"

#include "experiments/grouping.hpp"
#include "experiments/json.hpp"
#include "experiments/listing.hpp"
#include "experiments/location.hpp"
#include "experiments/query.hpp"
#include "experiments/quoting.hpp"
#include "experiments/say.hpp"
#include "experiments/store.hpp"
#include "runner/commands/options.hpp"
#include "runner/launch/slurm_jobs.hpp"
#include "runner/terminal/cell.hpp"
#include "runner/terminal/group_table.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/table.hpp"
#include "runner/terminal/usual_columns.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

struct ListOptions {
  std::optional<std::filesystem::path> database;
  ListRequest request;
  std::string columns, group_by, sql;
  bool json = false;
};

std::vector<std::string> chosen_columns(const Database& database, const std::string& flag) {
  const bool adds = flag.starts_with('+');
  auto columns = flag.empty() || adds ? usual_columns(database) : std::vector<std::string>{"id"};
  for (const auto& name : split_names(adds ? flag.substr(1) : flag)) {
    if (std::ranges::find(columns, name) == columns.end()) columns.push_back(name);
  }
  return columns;
}

bool is_time(const std::string& column) { return column == "started" || column == "ended"; }

std::string shown(const std::string& column, const Value& value, std::int64_t now) {
  if (is_missing(value)) return "";
  if (is_time(column)) return how_long_ago(std::get<std::int64_t>(value), now);
  if (column == "duration") return how_long(std::get<double>(value));
  return cell(value);
}

using Rows = std::vector<std::vector<Value>>;

bool has_numbers(const Rows& rows, std::size_t column) {
  return std::ranges::any_of(rows, [&](const auto& row) { return is_number(row[column]); });
}

/// What a column is called: `"val loss"` without its quotes, which `"loss"` needs to differ from
/// `loss`.
std::string title(const std::string& column) {
  auto name = unquoted(column);
  return as_written(name) == column ? name : column;
}

std::vector<std::string> titles(std::vector<std::string> columns) {
  std::ranges::transform(columns, columns.begin(), title);
  return columns;
}

Table table_of(const std::vector<std::string>& columns, const Rows& rows) {
  Table table;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    table.add_column(columns[i], has_numbers(rows, i) ? Table::Align::right : Table::Align::left);
  }
  for (const auto& row : rows)
    std::ranges::transform(row, std::back_inserter(table.add_row()), cell);
  return table;
}

Table to_table(const std::vector<std::string>& columns, const Listing& listing) {
  Table table;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool left = !has_numbers(listing.rows, i) || is_time(columns[i]);
    table.add_column(title(columns[i]), left ? Table::Align::left : Table::Align::right);
  }
  const std::int64_t now = now_ms();
  for (const auto& row : listing.rows) {
    auto& cells = table.add_row();
    for (std::size_t i = 0; i < columns.size(); ++i)
      cells.push_back(shown(columns[i], row[i], now));
  }
  return table;
}

nlohmann::ordered_json value_json(const std::string& column, const Value& value) {
  const auto* time = is_time(column) ? std::get_if<std::int64_t>(&value) : nullptr;
  return time ? nlohmann::ordered_json(iso_time(*time)) : to_json(value);
}

/// `value_of` gives a cell of a column as JSON.
template <class ValueOf>
nlohmann::ordered_json rows_to_json(const std::vector<std::string>& columns, const Rows& rows,
                                    ValueOf value_of) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& row : rows) {
    auto& object = all.emplace_back(nlohmann::ordered_json::object());
    for (std::size_t i = 0; i < columns.size(); ++i)
      object[title(columns[i])] = value_of(columns[i], row[i]);
  }
  return all;
}

void say_what_is_left_out(const Listing& listing, const ListOptions& options) {
  const auto shown = static_cast<std::int64_t>(listing.rows.size());
  if (shown < listing.total) say("{} of {} runs; --limit 0 lists all\n", shown, listing.total);
  if (shown > 0) return;
  say("{}\n", options.request.where.empty() ? "there are no runs yet" : "no run matches");
}

void say_notes(const std::vector<std::string>& notes) {
  for (const auto& note : notes) say("runner: {}\n", note);
}

int list_runs(const Database& database, const ListOptions& options) {
  ListRequest request = options.request;
  request.columns = chosen_columns(database, options.columns);
  const Listing listing = list_runs(database, request);
  const bool has_named =
      !request.where.empty() || !request.sort.empty() || !options.columns.empty();
  if (has_named) say_notes(listing.notes);
  if (options.json) {
    fmt::print("{}\n", dumped(rows_to_json(request.columns, listing.rows, value_json), 2));
    return 0;
  }
  if (!listing.rows.empty())
    fmt::print("{}", to_table(request.columns, listing).text(terminal_width(stdout)));
  std::fflush(stdout);
  say_what_is_left_out(listing, options);
  return 0;
}

int list_groups(const Database& database, const ListOptions& options) {
  ListRequest request = options.request;
  const auto names = split_names(options.group_by);
  request.columns = chosen_columns(database, options.columns);
  std::erase_if(request.columns, [&](const std::string& column) {
    return column == "id" || is_time(column) || std::ranges::find(names, column) != names.end();
  });
  const auto [groups, notes] = group_runs(database, request, names);
  say_notes(notes);
  if (options.json)
    fmt::print("{}\n", dumped(groups_to_json(titles(names), titles(request.columns), groups), 2));
  else
    fmt::print(
        "{}",
        group_table(titles(names), titles(request.columns), groups).text(terminal_width(stdout)));
  return 0;
}

int list_answer(const Database& database, const ListOptions& options) {
  const auto [columns, rows] = ask(database, options.sql);
  // What a column is called says nothing of what a SELECT has put there.
  const auto as_it_is = [](const std::string&, const Value& value) { return to_json(value); };
  if (options.json)
    fmt::print("{}\n", dumped(rows_to_json(columns, rows, as_it_is), 2));
  else
    fmt::print("{}", table_of(columns, rows).text(terminal_width(stdout)));
  return 0;
}

int list(const ListOptions& options) {
  Store store = Store::open(find_database(options.database));
  settle_slurm_jobs(store);
  if (!options.sql.empty()) return list_answer(store.database(), options);
  if (!options.group_by.empty()) return list_groups(store.database(), options);
  return list_runs(store.database(), options);
}

}  // namespace

void add_list(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ListOptions>();
  auto* command = app.add_subcommand("list", "List runs, the newest first");
  command
      ->add_option("--where", options->request.where,
                   "Only runs that fulfil this: 'eval/accuracy > 0.99 and not model == mlp'")
      ->type_name("FILTER");
  command
      ->add_option(
          "--sort", options->request.sort,
          "Columns, config paths or metrics, separated by commas; -KEY has the greatest first; "
          "\"val loss\" in double quotes")
      ->type_name("KEY");
  command
      ->add_option("--columns", options->columns,
                   "What to show instead of the usual columns; +a,b adds to them")
      ->type_name("NAMES");
  command->add_option("--limit", options->request.limit, "How many runs; 0 for all")
      ->type_name("N")
      ->capture_default_str()
      ->check(number_at_least(0));
  command->add_flag("--archived", options->request.archived, "Archived runs, too");
  command
      ->add_option(
          "--group-by", options->group_by,
          "One line for the runs that have the same of these, with the mean of each column "
          "and its range")
      ->type_name("NAMES");
  auto* sql = command
                  ->add_option("--sql", options->sql,
                               "What a SELECT of yours gives, over the views overview and metrics "
                               "and the tables (experiments/README.md)")
                  ->type_name("SELECT");
  for (const auto* other :
       {"--where", "--sort", "--columns", "--group-by", "--archived", "--limit"})
    sql->excludes(command->get_option(other));
  add_database(*command, options->database);
  command->add_flag("--json", options->json, "An array of objects, in full precision");
  command->callback([options, &chosen] { chosen = [options] { return list(*options); }; });
}

}  // namespace runner
