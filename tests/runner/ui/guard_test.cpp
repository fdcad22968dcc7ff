#include "runner/ui/guard.hpp"

#include <doctest/doctest.h>

using namespace runner::ui;

namespace {

const Guard guard{"0123456789abcdef", 8217, false};

Request asked(const std::string& method = "GET", const std::string& target = "/") {
  Request request;
  request.method = method;
  request.target = target;
  std::tie(request.path, request.query) = decode_target(target);
  request.host = "127.0.0.1:8217";
  request.cookie = "other=1; runner_ui_8217=0123456789abcdef";
  if (method != "GET") request.origin = "http://127.0.0.1:8217";
  return request;
}

std::string reason(const Request& request, const Guard& rules = guard) {
  return refusal(rules, request).value_or("");
}

}  // namespace

TEST_CASE("a request of the page itself is answered, by either name of this machine") {
  CHECK(reason(asked()) == "");
  CHECK(reason(asked("PATCH")) == "");
  auto request = asked("PATCH");
  request.host = "localhost:8217";
  request.origin = "http://localhost:8217";
  CHECK(reason(request) == "");
}

TEST_CASE("a request to another host is refused, whatever it brings") {
  for (const auto* host : {"evil.example:8217", "127.0.0.1", "127.0.0.1:80", "localhost", "",
                           "127.0.0.1:8217.evil.example", "LOCALHOST:8217"}) {
    auto request = asked();
    request.host = host;
    CHECK(reason(request) ==
          std::string("this page answers as 127.0.0.1:8217 and localhost:8217, not as '") + host +
              "'");
  }
}

TEST_CASE("a request of another page is refused") {
  auto request = asked();
  request.origin = "http://evil.example";
  CHECK(reason(request) == "the request comes from another page: http://evil.example");
  request.origin = "null";
  CHECK(reason(request) == "the request comes from another page: null");
  request.origin = "http://localhost:8217";  // which is another origin than 127.0.0.1
  CHECK(reason(request) == "the request comes from another page: http://localhost:8217");
}

TEST_CASE("a change without an origin is refused") {
  auto request = asked("PATCH");
  request.origin = "";
  CHECK(reason(request) == "a change must come from this page: the request has no Origin");
}

TEST_CASE("a request without the token is refused, and so is one with another") {
  const auto* const text =
      "open the address that `runner ui` has printed: it holds the token of this start";
  for (const auto* cookie :
       {"", "runner_ui_8217=", "runner_ui_8217=0123456789abcdeX", "runner_ui_8217=0123456789abcde",
        "runner_ui_82170123456789abcdef", "runner_ui_8218=0123456789abcdef",
        "xrunner_ui_8217=0123456789abcdef"}) {
    auto request = asked();
    request.cookie = cookie;
    CAPTURE(cookie);
    CHECK(reason(request) == text);
  }
}

TEST_CASE("programs bring the token as a bearer") {
  auto request = asked();
  request.cookie = "";
  request.authorization = "Bearer 0123456789abcdef";
  CHECK(reason(request) == "");
  request.authorization = "Bearer 0123456789abcdex";
  CHECK(reason(request) != "");
  request.authorization = "Basic 0123456789abcdef";
  CHECK(reason(request) != "");
}

TEST_CASE("who only reads changes nothing") {
  const Guard rules{guard.token, guard.port, true};
  CHECK(reason(asked(), rules) == "");
  CHECK(reason(asked("PATCH"), rules) == "`runner ui --read-only` changes nothing");
}

TEST_CASE("the token of an address becomes a cookie, and the address loses it") {
  auto request = asked("GET", "/run/2q6c?tab=config&token=0123456789abcdef&x=%22%3E");
  request.cookie = "";
  REQUIRE(brings_token(guard, request));
  CHECK(reason(request) == "");
  const auto response = exchange_token(guard, request);
  CHECK(response.headers.front() ==
        std::pair<std::string, std::string>(
            "Set-Cookie", "runner_ui_8217=0123456789abcdef; HttpOnly; SameSite=Strict; Path=/"));
  CHECK(response.body.find("url=/run/2q6c?tab=config&#38;x=%22%3E\"") != std::string::npos);
  CHECK(response.body.find("0123456789abcdef") == std::string::npos);
}

TEST_CASE("an address with the token leads nowhere else") {
  for (const auto* target :
       {"//evil.example/?token=0123456789abcdef", "/\\evil.example/?token=0123456789abcdef"}) {
    const auto body = exchange_token(guard, asked("GET", target)).body;
    CHECK(body.find("url=/evil.example/\"") != std::string::npos);
  }
}

TEST_CASE("a wrong token in the address is none") {
  CHECK_FALSE(brings_token(guard, asked("GET", "/?token=")));
  CHECK_FALSE(brings_token(guard, asked("GET", "/?token=0123456789abcdee")));
  CHECK_FALSE(brings_token(guard, asked("PATCH", "/?token=0123456789abcdef")));
}

TEST_CASE("tokens are 128 random bits") {
  CHECK(new_token().size() == 32);
  CHECK(new_token() != new_token());
}
