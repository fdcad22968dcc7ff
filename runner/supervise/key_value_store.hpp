#pragma once

#include "registry/description.hpp"

#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

namespace runner {

/// What the ranks of one attempt at a run tell each other while they meet: c10d's store, kept by
/// the process of rank 0. Ranks ask over the connections that their processes have anyway, so that
/// nobody else can.
class KeyValueStore {
 public:
  using Answer = std::function<void(const Json& reply)>;

  /// Answers a request, now or when the keys that it waits for are there:
  ///
  ///     {id, do: "set", key, value}                          {id}
  ///     {id, do: "get", key}, waits                          {id, value}
  ///     {id, do: "wait", keys}, waits                        {id}
  ///     {id, do: "check", keys}                              {id, value: whether all are there}
  ///     {id, do: "add", key, value: a number}                {id, value: the sum}
  ///     {id, do: "compare_set", key, expected, value}        {id, value: what it is now}
  ///     {id, do: "delete", key}                              {id, value: whether it was there}
  ///     {id, do: "count"}                                    {id, value: the number of keys}
  ///
  /// Values are bytes; a number is kept as its digits. Throws Json::exception and
  /// std::invalid_argument for what is no request.
  void ask(const Json& request, Answer answer);

 private:
  using Bytes = std::vector<std::uint8_t>;
  struct Waiting {
    Json request;
    Answer answer;
  };

  bool has_all(const Json& keys) const;
  bool may_answer(const Json& request) const;
  Json reply_to(const Json& request);
  Json add(const std::string& key, std::int64_t number);
  Json compare_set(const std::string& key, const Json& expected, const Json& value);
  void answer_who_waits();

  std::map<std::string, Bytes> values_;
  std::list<Waiting> waiting_;
};

}  // namespace runner
