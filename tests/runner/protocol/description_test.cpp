#include "runner/protocol/description.hpp"

#include "runner/protocol/fronts.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

namespace {

const std::filesystem::path readme =
    std::filesystem::path(RUNNER_SOURCE_DIR) / "runner/supervise/README.md";

}  // namespace

TEST_CASE("the README's tables of messages are printed from the structs") {
  std::ifstream in(readme);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const std::string begin = "<!-- messages -->\n\n", end = "<!-- end of messages -->\n";
  const auto from = text.find(begin), to = text.find(end);
  REQUIRE(from != std::string::npos);
  REQUIRE(to != std::string::npos);
  const auto printed = text.substr(0, from) + begin + protocol::page() + text.substr(to);
  if (std::getenv("RUNNER_PRINT_MESSAGES")) std::ofstream(readme) << printed;
  INFO("print them anew: RUNNER_PRINT_MESSAGES=1 build/release/bin/tests-unit -tc='the README*'");
  CHECK((text == printed || std::getenv("RUNNER_PRINT_MESSAGES")));
}

TEST_CASE("another version is told in one sentence, and nothing else of the message is read") {
  const auto other = [](const Json& first) {
    return protocol::other_version(first, "runner-worker", "runner");
  };
  CHECK(other(to_json(protocol::Hello{protocol::version()})) == "");
  CHECK(other({{"protocol", protocol::version()}, {"anything", 1}}) == "");
  CHECK(other({{"protocol", 0xabc}}) ==
        fmt::format("runner-worker is of another version than runner (protocol 00000abc and "
                    "{:08x}): build or install both together",
                    protocol::version()));
  CHECK(other({{"event", "ready"}}) ==
        "runner-worker is of another version than runner: build or install both together");
}
