#include "runner/ui/message.hpp"

#include "tests/experiments/fixture.hpp"

using namespace runner;
using namespace runner::ui;

TEST_CASE("an address is decoded into its path and its query") {
  const auto [path, query] = decode_target("/run/a%20b?where=x+%3E+1%26&tab=config&empty=&=1&flag");
  CHECK(path == "/run/a b");
  CHECK(query.text("where") == "x > 1&");
  CHECK(query.text("tab") == "config");
  CHECK_FALSE(query.optional_text("empty"));
  CHECK(query.has("flag"));
  CHECK_FALSE(query.has("other"));
}

TEST_CASE("what is badly coded stays as it is") {
  CHECK(decode_target("/%").first == "/%");
  CHECK(decode_target("/%4").first == "/%4");
  CHECK(decode_target("/%zz%41").first == "/%zzA");
  CHECK(decode_target("").first == "");
}

TEST_CASE("a number that is none is the user's mistake") {
  const auto query = decode_target("/?limit=many&step=12&rest=12x").second;
  CHECK(query.integer("step", 0) == 12);
  CHECK(query.integer("other", 7) == 7);
  CHECK(error_of<UserError>([&] { query.integer("limit", 0); }) ==
        "limit=many: expected a whole number");
  CHECK(error_of<UserError>([&] { query.integer("rest", 0); }) ==
        "rest=12x: expected a whole number");
}

TEST_CASE("what is no UTF-8 does not break an answer") {
  CHECK(json_response({{"text", "a\xff"}}).body == "{\"text\":\"a\xef\xbf\xbd\"}");
}
