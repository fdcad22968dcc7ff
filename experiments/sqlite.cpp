#include "experiments/sqlite.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <limits>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

namespace runner {
namespace {

// Long enough for a queue of writers, each of whom holds the lock for some milliseconds.
constexpr std::chrono::seconds longest_wait{60};

/// SQLite's busy handler: sleeps before the lock is tried again, or gives up. SQLite's own looks
/// less and less often, so that whoever has waited longest has the least chance beside others.
int wait_for_lock(void*, int earlier_calls) {
  using Clock = std::chrono::steady_clock;
  constexpr int longest_pause_ms = 5;
  thread_local Clock::time_point begin;
  if (earlier_calls == 0) begin = Clock::now();
  if (Clock::now() - begin > longest_wait) return 0;
  std::this_thread::sleep_for(
      std::chrono::milliseconds(std::min(1 + earlier_calls, longest_pause_ms)));
  return 1;
}

std::string explain(int code, const std::string& file, const std::string& message) {
  switch (code) {
    case SQLITE_NOTADB:
      return fmt::format("{} is not a database of runs (nor any SQLite file)", file);
    case SQLITE_FULL:
      return fmt::format("cannot write {}: the disk is full", file);
    case SQLITE_READONLY:
      return fmt::format("cannot write {}: no permission to write the file or its folder", file);
    case SQLITE_CANTOPEN:
      return fmt::format("cannot open {}: no permission, or its folder cannot be written", file);
    case SQLITE_CORRUPT:
      return fmt::format("{} is damaged: {}", file, message);
    case SQLITE_BUSY:
      return fmt::format("{} is locked: another process has been writing for over a minute", file);
    default:
      return fmt::format("{}: {}", file, message);
  }
}

/// Whether one of a database's files has come to the size that this process may write. SQLite says
/// no more than "disk I/O error", and its errno is that of whatever it did last.
bool is_at_size_limit(const std::string& file) {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return false;
  constexpr rlim_t one_write = 64 << 10;
  const auto is_full = [&](const char* which) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(file + which, missing);
    return !missing && size + one_write >= limit.rlim_cur;
  };
  return is_full("") || is_full("-wal") || is_full("-journal");
}

[[noreturn]] void fail(sqlite3* connection) {
  const char* name = sqlite3_db_filename(connection, "main");
  const std::string file = name ? name : "";
  const int code = sqlite3_errcode(connection);
  const std::string text =
      code == SQLITE_IOERR && is_at_size_limit(file)
          ? fmt::format(
                "cannot write {}: the file would be larger than is allowed here (ulimit -f, "
                "or the file system's limit)",
                file)
          : explain(code, file, sqlite3_errmsg(connection));
  if (code == SQLITE_BUSY) throw BusyError(text);
  throw StoreError(text);
}

/// What a statement has too much of for SQLite, in words; empty where that is not why it failed.
std::string excess(sqlite3* connection) {
  const std::string_view message = sqlite3_errmsg(connection);
  const auto most = [&](int limit) { return sqlite3_limit(connection, limit, -1); };
  if (message.starts_with("too many columns"))
    return fmt::format("more than {} columns", most(SQLITE_LIMIT_COLUMN));
  if (message.starts_with("too many terms in"))
    return fmt::format("more than {} names to sort or to group by", most(SQLITE_LIMIT_COLUMN));
  if (message.starts_with("Expression tree is too large") || message == "parser stack overflow")
    return fmt::format("a filter of more than {} terms", most(SQLITE_LIMIT_EXPR_DEPTH));
  if (message.starts_with("too many SQL variables"))
    return fmt::format("more than {} values", most(SQLITE_LIMIT_VARIABLE_NUMBER));
  return message.ends_with("tables in a join") ? std::string(message) : "";
}

void check(int code, sqlite3_stmt* statement) {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement));
}

// Where the folder cannot be written, WAL's files cannot be made; while nobody has the database
// open they are not needed either.
bool is_frozen(const std::filesystem::path& file) {
  const auto folder = std::filesystem::absolute(file).parent_path();
  return access(folder.c_str(), W_OK) != 0 && !std::filesystem::exists(file.string() + "-wal");
}

}  // namespace

std::string read_only_address(const std::filesystem::path& file) {
  std::string address = "file:";
  for (const char letter : file.string()) {
    const bool is_special = letter == '%' || letter == '?' || letter == '#';
    address += is_special ? fmt::format("%{:02x}", letter) : std::string(1, letter);
  }
  return address + (is_frozen(file) ? "?immutable=1" : "?mode=ro");
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(sqlite3* connection, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &statement, &rest) !=
      SQLITE_OK) {
    if (const auto too_much = excess(connection); !too_much.empty())
      throw UserError(fmt::format("SQLite cannot answer that: {}", too_much));
    fail(connection);
  }
  statement_.reset(statement);
  if (std::any_of(rest, sql.data() + sql.size(),
                  [](char letter) { return !std::isspace(static_cast<unsigned char>(letter)); }))
    throw StoreError("more than one statement");
}

std::vector<std::string> Statement::columns() const {
  std::vector<std::string> names;
  for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i)
    names.emplace_back(sqlite3_column_name(statement_.get(), i));
  return names;
}

bool Statement::reads_only() const { return sqlite3_stmt_readonly(statement_.get()) != 0; }

void Statement::bind(int parameter, std::nullptr_t) {
  check(sqlite3_bind_null(statement_.get(), parameter), statement_.get());
}

void Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), parameter, value), statement_.get());
}

void Statement::bind(int parameter, double value) {
  check(sqlite3_bind_double(statement_.get(), parameter, value), statement_.get());
}

void Statement::bind(int parameter, std::string_view value) {
  const auto* text = value.empty() ? "" : value.data();  // without an address it would be NULL
  check(sqlite3_bind_text64(statement_.get(), parameter, text, value.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8),
        statement_.get());
}

void Statement::bind(int parameter, const Value& value) {
  struct Binder {
    Statement& statement;
    int parameter;
    void operator()(std::monostate) const { statement.bind(parameter, nullptr); }
    void operator()(bool value) const {
      statement.bind(parameter, std::string_view(value ? "true" : "false"));
    }
    void operator()(std::int64_t value) const { statement.bind(parameter, value); }
    void operator()(double value) const { statement.bind(parameter, value); }
    void operator()(const std::string& value) const {
      statement.bind(parameter, std::string_view(value));
    }
  };
  std::visit(Binder{*this, parameter}, value);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  // The reset repeats the error of the step, if there was one.
  check(sqlite3_reset(statement_.get()), statement_.get());
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  return is_null(column) ? std::numeric_limits<double>::quiet_NaN()
                         : sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes ? std::string(bytes, size) : std::string();
}

Value Statement::value(int column) const {
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_FLOAT:
      return real(column);
    case SQLITE_NULL:
      return {};
    default:
      return text(column);
  }
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Database::Database(const std::filesystem::path& file, Open how) {
  std::error_code unknown;
  const auto status = std::filesystem::status(file, unknown);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    throw StoreError(fmt::format("{} is no file; expected a database of runs", file.string()));
  const bool reads = how == Open::read || (how == Open::existing && is_frozen(file));
  const int create = how == Open::create ? SQLITE_OPEN_CREATE : 0;
  const int flags = reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | create;
  const auto name = reads ? read_only_address(file) : file.string();
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &connection,
                                   flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
  connection_.reset(connection);
  if (code != SQLITE_OK) throw StoreError(explain(code, file.string(), sqlite3_errstr(code)));
  sqlite3_busy_handler(connection, wait_for_lock, nullptr);
  // "name" is a name; otherwise a misspelt one is a text, and a condition with it is silently
  // false.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
}

void Database::execute(const std::string& sql) const {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    fail(connection_.get());
}

std::int64_t Database::integer(std::string_view sql) const {
  auto statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::int64_t Database::changes() const { return sqlite3_changes64(connection_.get()); }

bool Database::read_only() const { return sqlite3_db_readonly(connection_.get(), "main") == 1; }

bool Database::write_without_waiting(const std::function<void()>& changes) const {
  if (read_only()) return false;
  sqlite3_busy_handler(connection_.get(), nullptr, nullptr);
  bool written = false;
  try {
    changes();
    written = true;
  } catch (const StoreError&) {
    // Whoever writes next does it.
  }
  sqlite3_busy_handler(connection_.get(), wait_for_lock, nullptr);
  return written;
}

// EXTRA is FULL, and has a rollback journal's end on disk, too.
void Database::set_durable(bool durable) const {
  execute(durable ? "PRAGMA synchronous = EXTRA" : "PRAGMA synchronous = NORMAL");
}

std::filesystem::path Database::file() const {
  return sqlite3_db_filename(connection_.get(), "main");
}

Transaction::Transaction(const Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const StoreError&) {
    // A full disk has SQLite roll back by itself; there is nothing left to undo.
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace runner
