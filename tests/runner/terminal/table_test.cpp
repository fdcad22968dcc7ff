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

TEST_CASE(
    "a table that does not fit cuts titles first, then texts, but no number and no first column") {
  Table table;
  table.add_column("id");
  table.add_column("note");
  table.add_column("eval/accuracy", Table::Align::right);
  table.add_row() = {"2q6cqh61vr", "größte Kirsche", "0.99123"};
  CHECK(table.text(40) ==
        "id          note            …al/accuracy\n"
        "2q6cqh61vr  größte Kirsche       0.99123\n");
  CHECK(table.text(30) ==
        "id          note       …curacy\n"
        "2q6cqh61vr  größte K…  0.99123\n");
  CHECK(table.text(5) ==
        "id          note  …curacy\n"
        "2q6cqh61vr  grö…  0.99123\n");
}

TEST_CASE("a table without titles begins with its first row") {
  Table table;
  table.add_column("");
  table.add_column("");
  table.add_row() = {"id", "1"};
  CHECK(table.text() == "id  1\n");
}

TEST_CASE("nothing in a table reaches the terminal as a command") {
  Table table;
  table.add_column("name");
  table.add_row() = {"\x1b[31mred\n"};
  CHECK(table.text() ==
        "name\n"
        "\\x1b[31mred\\x0a\n");
}
