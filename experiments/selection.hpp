#pragma once

#include "experiments/filter.hpp"
#include "experiments/sqlite.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner::filter {

/// How a name reads in SQL, over a Selection's rows.
struct Field {
  enum class Type { text, status, number, time, tags, any };
  std::string sql;
  Type type;
  std::string shown;  // the same for a reader: a NaN is the text NaN, not NULL
};

/// What every run has, in the order of its table.
std::vector<std::string> column_names();

/// The rows of a SELECT, one for each run, growing by a join for each name that is asked for.
/// Values travel as bound parameters only.
class Selection {
 public:
  explicit Selection(const Database& database) : database_(database) {}

  /// Nothing when no run in the database has such a thing.
  std::optional<Field> find(const Name& name);
  /// The same, but throws UserError with the nearest known name.
  Field get(const Name& name);
  /// Whether it was asked for a column of that name.
  bool has_asked(std::string_view name) const;
  /// What to say of metrics that something else of the same name hides.
  const std::vector<std::string>& notes() const { return notes_; }
  /// What to say of a name that `find` does not know.
  std::string unknown(const Name& name) const;

  /// The parameter that stands for the value.
  std::string bind(Value value);

  /// `SELECT fields FROM ... rest`, ready to step. The columns of `runs` are called `r.…`.
  Statement select(const std::string& fields, const std::string& rest) const;

 private:
  Field config_field(const std::string& path);
  Field metric_field(const Name& name);
  Field field_of_series(const Name& name);
  bool has_metric(const std::string& name) const;
  std::string join(const std::string& table, const std::string& column, const std::string& name);
  bool exists(std::string_view sql, const std::string& text) const;
  std::optional<std::string> config_path(const Name& name, bool is_metric) const;
  void note_hidden_metric(const Name& name, const std::string& what);
  std::vector<std::string> known_names() const;

  struct Join {
    std::string table;
    std::string name;
    std::string alias;
  };

  const Database& database_;
  std::vector<Value> parameters_;
  std::vector<Join> joined_;
  std::vector<std::string> asked_;
  std::vector<std::string> notes_;
  std::string from_ = "runs r";
};

}  // namespace runner::filter
