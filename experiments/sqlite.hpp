#pragma once

#include "experiments/error.hpp"
#include "experiments/value.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace runner {

/// Another process held the lock for longer than the busy timeout, or where SQLite does not wait.
struct BusyError : StoreError {
  using StoreError::StoreError;
};

/// One prepared statement, the only one of its text. Parameters are numbered from 1, columns from
/// 0; texts are copied. Every failure of SQLite throws StoreError, which names the file.
class Statement {
 public:
  Statement(sqlite3* connection, std::string_view sql);

  void bind(int parameter, std::nullptr_t);
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  void bind(int parameter, std::string_view value);
  void bind(int parameter, const std::string& value) { bind(parameter, std::string_view(value)); }
  void bind(int parameter, const Value& value);
  template <class T>
  void bind(int parameter, const std::optional<T>& value) {
    value ? bind(parameter, *value) : bind(parameter, nullptr);
  }

  /// Binds all parameters in order.
  template <class... Values>
  Statement& with(const Values&... values) {
    int parameter = 0;
    (bind(++parameter, values), ...);
    return *this;
  }

  /// True when there is a row to read; at the end the statement is ready to be run again.
  bool step();
  /// Runs to the end, dropping any rows.
  void run();

  /// The names of its columns.
  std::vector<std::string> columns() const;
  /// Whether it leaves the database as it is.
  bool reads_only() const;

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;  // NULL reads as NaN
  std::string text(int column) const;
  Value value(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt*) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One connection to a database file. For one thread at a time.
class Database {
 public:
  enum class Open { existing, create, read };

  /// Opens for reading and writing, or for reading where the file's permissions allow no more.
  /// `read` changes nothing of the file, whatever they allow.
  Database(const std::filesystem::path& file, Open how);

  Statement prepare(std::string_view sql) const { return {connection_.get(), sql}; }
  void execute(const std::string& sql) const;
  std::int64_t integer(std::string_view sql) const;
  /// Rows that the last INSERT, UPDATE or DELETE touched.
  std::int64_t changes() const;
  bool read_only() const;
  std::filesystem::path file() const;
  /// For changes that can wait: does nothing where another process has the writers' lock, or where
  /// nothing can be written. Whether they were made.
  bool write_without_waiting(const std::function<void()>& changes) const;
  /// Whether a transaction that is committed is on disk, or only safe from the end of this process:
  /// a power cut may take the last ones, but never a part of one.
  void set_durable(bool durable) const;

 private:
  struct Close {
    void operator()(sqlite3*) const;
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

/// The address under which ATTACH opens a file for reading alone.
std::string read_only_address(const std::filesystem::path& file);

/// Holds the write lock from its start, so that it never fails half way for another writer's sake;
/// waits up to a minute for it. What is not committed is rolled back.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

}  // namespace runner
