#include "registry/datasets/safetensors_header.hpp"

#include <cstdint>
#include <string>

#include <doctest/doctest.h>

using namespace runner;

namespace {

std::optional<SafetensorsHeader> header_of(std::uint64_t length, const std::string& text) {
  std::string file(reinterpret_cast<const char*>(&length), sizeof length);
  file += text;
  return safetensors_header(std::as_bytes(std::span(file)));
}

}  // namespace

TEST_CASE("a safetensors file begins with a length and a JSON object of that many bytes") {
  const auto found = header_of(8, R"({"a": 1}the data)");
  REQUIRE(found);
  CHECK(found->entries.dump() == R"({"a":1})");
  CHECK(found->data_begin == 16);
}

TEST_CASE(
    "what does not begin with a whole header within the format's limit is no safetensors file") {
  const std::string longest(100'000'000 - 2, ' '), one_more(longest + " ");
  CHECK(header_of(longest.size() + 2, "{" + longest + "}"));
  CHECK_FALSE(header_of(one_more.size() + 2, "{" + one_more + "}"));
  CHECK_FALSE(header_of(9, R"({"a": 1})"));
  CHECK_FALSE(header_of(~std::uint64_t{0}, R"({"a": 1})"));
  CHECK_FALSE(header_of(7, R"({"a": 1})"));
  CHECK_FALSE(header_of(3, "[1]"));
  CHECK_FALSE(header_of(0, ""));
  CHECK_FALSE(safetensors_header({}));
}
