#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// The rows of a CSV text (RFC 4180) that comes in pieces, the header first; empty lines are none.
class CsvRows {
 public:
  using Cells = std::vector<std::string>;

  /// Each row is only lent.
  explicit CsvRows(std::function<void(const Cells&)> use);
  ~CsvRows();
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;

  void read(std::string_view piece);
  /// The text ends here: its last row may have no end of line.
  void end();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace runner
