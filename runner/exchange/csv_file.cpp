#include "runner/exchange/csv_file.hpp"

#include <csv.h>

namespace runner {
namespace {

struct Rows {
  std::vector<std::vector<std::string>> done;
  std::vector<std::string> row;
};

void end_cell(void* text, std::size_t size, void* rows) {
  static_cast<Rows*>(rows)->row.emplace_back(static_cast<const char*>(text), size);
}

void end_row(int, void* data) {
  auto& rows = *static_cast<Rows*>(data);
  rows.done.push_back(std::move(rows.row));
  rows.row.clear();
}

}  // namespace

std::vector<std::vector<std::string>> read_csv(std::string_view text) {
  csv_parser parser;
  csv_init(&parser, 0);
  Rows rows;
  csv_parse(&parser, text.data(), text.size(), end_cell, end_row, &rows);
  csv_fini(&parser, end_cell, end_row, &rows);
  csv_free(&parser);
  return rows.done;
}

}  // namespace runner
