#include "runner/doctor/report.hpp"

#include <doctest/doctest.h>

using namespace runner::doctor;

namespace {

const Checks checks{
    {"machine", "cores", Health::ok, "2"},
    {"machine", "memory", Health::warning, "0.5 GB free of 8 GB", "ps aux"},
    {"store", "integrity", Health::problem, "Tree 2 page 2: btreeInitPage() returns error code 11",
     "sqlite3 a.db .recover"}};

}  // namespace

TEST_CASE("doctor's report has a line for each check, and below it the command that mends it") {
  CHECK("\n" + report(checks, 0, false) == R"(
machine  cores      ok       2
         memory     warning  0.5 GB free of 8 GB
                        fix: ps aux
store    integrity  problem  Tree 2 page 2: btreeInitPage() returns error code 11
                        fix: sqlite3 a.db .recover

1 problem, 1 warning
)");
  CHECK(has_problem(checks));
}

TEST_CASE("doctor's report breaks what was found at the terminal's width, and no command") {
  CHECK("\n" + report({checks.back()}, 60, false) == R"(
store  integrity  problem  Tree 2 page 2: btreeInitPage()
                           returns error code 11
                      fix: sqlite3 a.db .recover

1 problem, 0 warnings
)");
}

TEST_CASE("doctor's report colours the states of checks alone") {
  const auto text = report(checks, 0, true);
  CHECK(text.find("\033[32mok     \033[0m  2\n") != std::string::npos);
  CHECK(text.find("\033[31mproblem\033[0m  Tree") != std::string::npos);
}
