#include "runner/terminal/picture.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("Braille dots outside the canvas are passed over, and a line joins its ends") {
  Braille dots(4, 1);
  dots.line(0, 0, 7, 3);
  CHECK(dots.row(0) == "⠉⠒⠤⣀");
  dots.dot(-1, 0);
  dots.dot(8, 0);
  dots.dot(0, 4);
  CHECK(dots.row(0) == "⠉⠒⠤⣀");
}

TEST_CASE("a picture gives wide letters two columns, and combining marks none") {
  Picture picture(8, 1);
  picture.write(0, 0, "リe\u0301x");
  picture.write(7, 0, "オ");
  CHECK(picture.text(false) == "リe\u0301x\n");
  CHECK(picture.is_blank(4, 0, 4));
  CHECK_FALSE(picture.is_blank(1, 0, 1));
}

TEST_CASE("a picture cuts off what lies outside") {
  Picture picture(4, 1);
  picture.write(-1, 0, "abcdef");
  picture.write(0, 1, "below");
  CHECK(picture.text(false) == "bcde\n");
}

TEST_CASE("a picture changes its colour where the ink changes, if it has colours at all") {
  Picture picture(6, 2);
  picture.write(0, 0, "ab", {40, {}});
  picture.write(2, 0, "cd");
  picture.write(0, 1, "  ", {{}, 17});
  CHECK(picture.text(true) == "\033[38;5;40mab\033[0mcd\n\033[48;5;17m  \033[0m\n");
  CHECK(picture.text(false) == "abcd\n\n");
}
