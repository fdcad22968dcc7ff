#include "runner/terminal/table.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

Table fruit() {
  Table table;
  table.add_column("fruit");
  table.add_column("weight", Table::Align::right);
  table.add_row() = {"apple", "150"};
  table.add_row() = {"größte Kirsche", "8"};
  table.add_row() = {"リンゴ", "1200"};
  return table;
}

}  // namespace

TEST_CASE("a letter's width is what a terminal gives it") {
  CHECK(display_width("loss") == 4);
  CHECK(display_width("größe") == 5);
  CHECK(display_width("リンゴ") == 6);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("🚀") == 2);
  CHECK(display_width("\xff\xc3") == 2);
}

TEST_CASE("a table aligns its columns by width on the terminal, not by bytes") {
  CHECK(fruit().text() ==
        "fruit           weight\n"
        "apple              150\n"
        "größte Kirsche       8\n"
        "リンゴ            1200\n");
}

TEST_CASE("a table that does not fit cuts its widest column") {
  CHECK(fruit().text(16) ==
        "fruit     weight\n"
        "apple        150\n"
        "größte …       8\n"
        "リンゴ      1200\n");
}

TEST_CASE("a table without titles begins with its first row") {
  Table table;
  table.add_column("");
  table.add_column("");
  table.add_row() = {"id", "1"};
  CHECK(table.text() == "id  1\n");
}
