#pragma once

#include "runner/protocol/store_request.hpp"

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
  using Answer = std::function<void(const protocol::StoreReply& reply)>;

  /// Answers a request, now or when the keys that it waits for are there. Throws BadMessage for
  /// one that cannot be done.
  void ask(const protocol::StoreRequest& request, Answer answer);

 private:
  struct Waiting {
    protocol::StoreRequest request;
    Answer answer;
  };

  bool has_all(const std::vector<std::string>& keys) const;
  bool may_answer(const protocol::StoreWish& wish) const;
  protocol::StoreReply reply_to(const protocol::StoreRequest& request);
  std::int64_t add(const protocol::AddToKey& wish);
  Bytes compare_set(const protocol::CompareSetKey& wish);
  void answer_who_waits();

  std::map<std::string, Bytes> values_;
  std::list<Waiting> waiting_;
};

}  // namespace runner
