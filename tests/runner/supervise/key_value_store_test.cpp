#include "runner/supervise/key_value_store.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using namespace runner;

namespace {

Json bytes(const std::string& text) {
  return Json::binary(std::vector<std::uint8_t>(text.begin(), text.end()));
}

/// Asks, and gives the answer; null where it is still to come.
Json asked(KeyValueStore& store, Json request) {
  Json answer;
  request["id"] = 7;
  store.ask(request, [&](const Json& reply) { answer = reply; });
  return answer;
}

}  // namespace

TEST_CASE("a store keeps bytes, and gives them to whoever has waited for them") {
  KeyValueStore store;
  Json first, second;
  store.ask({{"id", 1}, {"do", "get"}, {"key", "a"}}, [&](const Json& reply) { first = reply; });
  store.ask({{"id", 2}, {"do", "wait"}, {"keys", {"a", "b"}}},
            [&](const Json& reply) { second = reply; });
  CHECK(asked(store, {{"do", "check"}, {"keys", {"a"}}}).at("value") == false);
  asked(store, {{"do", "set"}, {"key", "a"}, {"value", bytes("one")}});
  CHECK(first == Json{{"id", 1}, {"value", bytes("one")}});
  CHECK(second.is_null());
  asked(store, {{"do", "set"}, {"key", "b"}, {"value", bytes("two")}});
  CHECK(second == Json{{"id", 2}});
  CHECK(asked(store, {{"do", "check"}, {"keys", {"a", "b"}}}).at("value") == true);
  CHECK(asked(store, {{"do", "count"}}).at("value") == 2);
  CHECK(asked(store, {{"do", "delete"}, {"key", "a"}}).at("value") == true);
  CHECK(asked(store, {{"do", "delete"}, {"key", "a"}}).at("value") == false);
}

TEST_CASE("a store adds and compares as c10d's does") {
  KeyValueStore store;
  const auto get = [&] { return asked(store, {{"do", "get"}, {"key", "n"}}).at("value"); };
  CHECK(asked(store, {{"do", "add"}, {"key", "n"}, {"value", 5}}).at("value") == 5);
  CHECK(asked(store, {{"do", "add"}, {"key", "n"}, {"value", -2}}).at("value") == 3);
  CHECK(get() == bytes("3"));
  const auto compare_set = [&](const std::string& key, const std::string& expected) {
    return asked(store, {{"do", "compare_set"},
                         {"key", key},
                         {"expected", bytes(expected)},
                         {"value", bytes("new")}})
        .at("value");
  };
  CHECK(compare_set("n", "4") == bytes("3"));
  CHECK(compare_set("n", "3") == bytes("new"));
  CHECK(compare_set("m", "old") == bytes("old"));
  CHECK(asked(store, {{"do", "check"}, {"keys", {"m"}}}).at("value") == false);
  CHECK(compare_set("m", "") == bytes("new"));
}

TEST_CASE("what is no request is refused") {
  KeyValueStore store;
  CHECK_THROWS_AS(asked(store, {{"do", "set"}, {"key", "a"}, {"value", 1}}), Json::exception);
  CHECK_THROWS_AS(asked(store, {{"do", "get"}}), Json::exception);
  CHECK_THROWS_AS(asked(store, {{"do", "format"}, {"key", "a"}}), std::invalid_argument);
}
