#pragma once

#include "runner/protocol/wire.hpp"

namespace runner::protocol {

// What ranks ask of the key-value store by which they meet, as c10d's stores are asked.

struct SetKey {
  static constexpr std::string_view name = "set";
  std::string key;
  Bytes value;
  static constexpr auto fields() {
    return std::tuple{member("key", &SetKey::key), member("value", &SetKey::value)};
  }
};

/// Waits for the key; the reply has its value.
struct GetKey {
  static constexpr std::string_view name = "get";
  std::string key;
  static constexpr auto fields() { return std::tuple{member("key", &GetKey::key)}; }
};

/// Waits for the keys.
struct WaitForKeys {
  static constexpr std::string_view name = "wait";
  std::vector<std::string> keys;
  static constexpr auto fields() { return std::tuple{member("keys", &WaitForKeys::keys)}; }
};

/// The reply's number is 1 where all keys are there.
struct CheckKeys {
  static constexpr std::string_view name = "check";
  std::vector<std::string> keys;
  static constexpr auto fields() { return std::tuple{member("keys", &CheckKeys::keys)}; }
};

/// The reply's number is the sum, which the key keeps as its digits.
struct AddToKey {
  static constexpr std::string_view name = "add";
  std::string key;
  std::int64_t number = 0;
  static constexpr auto fields() {
    return std::tuple{member("key", &AddToKey::key), member("number", &AddToKey::number)};
  }
};

/// The reply has the value that the key has now.
struct CompareSetKey {
  static constexpr std::string_view name = "compare_set";
  std::string key;
  Bytes expected, value;
  static constexpr auto fields() {
    return std::tuple{member("key", &CompareSetKey::key),
                      member("expected", &CompareSetKey::expected),
                      member("value", &CompareSetKey::value)};
  }
};

/// The reply's number is 1 where the key was there.
struct DeleteKey {
  static constexpr std::string_view name = "delete";
  std::string key;
  static constexpr auto fields() { return std::tuple{member("key", &DeleteKey::key)}; }
};

/// The reply's number is that of the keys.
struct CountKeys {
  static constexpr std::string_view name = "count";
  static constexpr auto fields() { return std::tuple{}; }
};

using StoreWish = std::variant<SetKey, GetKey, WaitForKeys, CheckKeys, AddToKey, CompareSetKey,
                               DeleteKey, CountKeys>;

struct StoreRequest {
  static constexpr std::string_view name = "store";
  static constexpr std::string_view summary = "a request to the key-value store";

  std::int64_t id = 0;
  StoreWish wish;

  static constexpr auto fields() {
    return std::tuple{member("id", &StoreRequest::id), member("wish", &StoreRequest::wish)};
  }
};

struct StoreReply {
  static constexpr std::string_view name = "stored";
  static constexpr std::string_view summary = "its answer";

  std::int64_t id = 0;
  Bytes value = {};         ///< of a key; else empty
  std::int64_t number = 0;  ///< a sum, a count, or 1 for yes; else 0

  static constexpr auto fields() {
    return std::tuple{
        member("id", &StoreReply::id, "the request's"),
        member("value", &StoreReply::value, "of a key; else empty"),
        member("number", &StoreReply::number, "a sum, a count, or 1 for yes; else 0")};
  }
};

}  // namespace runner::protocol
