#include "tests/program/program.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE(
    "there is a manual page for the program and each command, and roff has nothing to say of "
    "them") {
  const TemporaryDirectory folder;
  CHECK(run(folder.path(), {"man", "--into", "pages"}).code == 0);
  for (const auto* name : {"runner.1", "runner-plot.1", "runner-sweep-show.1"})
    CHECK(std::filesystem::exists(folder.path() / "pages" / name));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "pages/runner-man.1"));
  if (Program::command(folder.path(), {"sh", "-c", "command -v groff"}).wait().code != 0) {
    MESSAGE("skipped: no groff");
    return;
  }
  const auto printed =
      Program::command(folder.path(), {"sh", "-c", "groff -man -Tutf8 -ww -z pages/*.1"}).wait();
  CHECK(printed.code == 0);
  CHECK(printed.err == "");
}

TEST_CASE("man names the command that was meant") {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {"man", "plt"});
  CHECK(printed.code == 2);
  CHECK(printed.err == "runner: there is no command 'plt'; did you mean 'plot'?\n");
}
