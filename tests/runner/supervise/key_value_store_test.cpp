#include "runner/supervise/key_value_store.hpp"

#include <optional>

#include <doctest/doctest.h>

using namespace runner;
using namespace runner::protocol;

namespace {

Bytes bytes(const std::string& text) { return {text.begin(), text.end()}; }

/// Asks, and gives the answer; empty where it is still to come.
std::optional<StoreReply> asked(KeyValueStore& store, StoreWish wish) {
  std::optional<StoreReply> answer;
  store.ask({7, std::move(wish)}, [&](const StoreReply& reply) { answer = reply; });
  return answer;
}

}  // namespace

TEST_CASE("a store keeps bytes, and gives them to whoever has waited for them") {
  KeyValueStore store;
  std::optional<StoreReply> first, second;
  store.ask({1, GetKey{"a"}}, [&](const StoreReply& reply) { first = reply; });
  store.ask({2, WaitForKeys{{"a", "b"}}}, [&](const StoreReply& reply) { second = reply; });
  CHECK(asked(store, CheckKeys{{"a"}})->number == 0);
  asked(store, SetKey{"a", bytes("one")});
  REQUIRE(first);
  CHECK(first->id == 1);
  CHECK(first->value == bytes("one"));
  CHECK_FALSE(second);
  asked(store, SetKey{"b", bytes("two")});
  REQUIRE(second);
  CHECK(second->id == 2);
  CHECK(asked(store, CheckKeys{{"a", "b"}})->number == 1);
  CHECK(asked(store, CountKeys{})->number == 2);
  CHECK(asked(store, DeleteKey{"a"})->number == 1);
  CHECK(asked(store, DeleteKey{"a"})->number == 0);
}

TEST_CASE("a store adds and compares as c10d's does") {
  KeyValueStore store;
  CHECK(asked(store, AddToKey{"n", 5})->number == 5);
  CHECK(asked(store, AddToKey{"n", -2})->number == 3);
  CHECK(asked(store, GetKey{"n"})->value == bytes("3"));
  const auto compare_set = [&](const std::string& key, const std::string& expected) {
    return asked(store, CompareSetKey{key, bytes(expected), bytes("new")})->value;
  };
  CHECK(compare_set("n", "4") == bytes("3"));
  CHECK(compare_set("n", "3") == bytes("new"));
  CHECK(compare_set("m", "old") == bytes("old"));
  CHECK(asked(store, CheckKeys{{"m"}})->number == 0);
  CHECK(compare_set("m", "") == bytes("new"));
}

TEST_CASE("a store adds to nothing but numbers") {
  KeyValueStore store;
  for (const auto* text : {"three", "3 or so", "99999999999999999999"}) {
    asked(store, SetKey{"a", bytes(text)});
    CHECK_THROWS_AS(asked(store, AddToKey{"a", 1}), BadMessage);
  }
}
