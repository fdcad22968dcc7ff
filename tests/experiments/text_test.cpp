#include "experiments/text.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("what is no UTF-8 is found: stray bytes, cut letters, long forms, halves of pairs") {
  CHECK_FALSE(bad_utf8_at(""));
  CHECK_FALSE(bad_utf8_at("plain, é, 深層, 🙂"));
  CHECK(bad_utf8_at("ab\xff") == 2);
  CHECK(bad_utf8_at("a\xc3") == 1);
  CHECK(bad_utf8_at("\x80") == 0);
  CHECK(bad_utf8_at("\xc0\xaf") == 0);
  CHECK(bad_utf8_at("\xe0\x80\xaf") == 0);
  CHECK(bad_utf8_at("é\xed\xa0\x80") == 2);
  CHECK(bad_utf8_at("\xf4\x90\x80\x80") == 0);
}

TEST_CASE("a text is made printable: no byte of it reaches a terminal as a command") {
  CHECK(printable("mnist é") == "mnist é");
  CHECK(printable("a\x1b[31mb\n\x7f") == "a\\x1b[31mb\\x0a\\x7f");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\x9b31m");
  CHECK(printable("caf\xe9") == "caf\uFFFD");
  CHECK(as_utf8("caf\xe9\n") == "caf\uFFFD\n");
}

TEST_CASE("a line has no control characters, and lines have those that make lines") {
  CHECK(problem_of_line("a good name").empty());
  CHECK(problem_of_line("two\nlines") == "it has control characters");
  CHECK(problem_of_line("\xff") == "it is not UTF-8");
  CHECK(problem_of_lines("two\n\tlines").empty());
  CHECK(problem_of_lines("\x1b[2J") == "it has control characters");
}
