#include "registry/data/csv_rows.hpp"

#include <exception>
#include <utility>

#include <csv.h>

namespace runner {

struct CsvRows::Parser {
  csv_parser state;
  std::function<void(const Cells&)> use;
  Cells row;
  std::size_t cells = 0;     // of the row; the texts behind are those of an earlier one
  std::exception_ptr error;  // an exception cannot pass through a library in C

  void end_cell(std::string_view text) {
    if (cells == row.size()) row.emplace_back();
    row[cells++] = text;
  }

  void end_row() {
    row.resize(std::exchange(cells, 0));
    if (error) return;
    try {
      use(row);
    } catch (...) {
      error = std::current_exception();
    }
  }

  static void cell(void* text, std::size_t size, void* parser) {
    static_cast<Parser*>(parser)->end_cell({static_cast<const char*>(text), size});
  }
  static void line(int, void* parser) { static_cast<Parser*>(parser)->end_row(); }

  void throw_error() const {
    if (error) std::rethrow_exception(error);
  }
};

CsvRows::CsvRows(std::function<void(const Cells&)> use) : parser_(std::make_unique<Parser>()) {
  csv_init(&parser_->state, 0);
  parser_->use = std::move(use);
}

CsvRows::~CsvRows() { csv_free(&parser_->state); }

void CsvRows::read(std::string_view piece) {
  csv_parse(&parser_->state, piece.data(), piece.size(), Parser::cell, Parser::line, parser_.get());
  parser_->throw_error();
}

void CsvRows::end() {
  csv_fini(&parser_->state, Parser::cell, Parser::line, parser_.get());
  parser_->throw_error();
}

}  // namespace runner
