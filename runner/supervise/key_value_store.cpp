#include "runner/supervise/key_value_store.hpp"

#include <algorithm>
#include <charconv>

namespace runner {

using namespace protocol;

void KeyValueStore::ask(const StoreRequest& request, Answer answer) {
  if (!may_answer(request.wish)) {
    waiting_.push_back({request, std::move(answer)});
    return;
  }
  answer(reply_to(request));
  answer_who_waits();
}

bool KeyValueStore::may_answer(const StoreWish& wish) const {
  if (const auto* get = std::get_if<GetKey>(&wish)) return values_.contains(get->key);
  const auto* wait = std::get_if<WaitForKeys>(&wish);
  return !wait || has_all(wait->keys);
}

bool KeyValueStore::has_all(const std::vector<std::string>& keys) const {
  return std::ranges::all_of(keys, [&](const auto& key) { return values_.contains(key); });
}

StoreReply KeyValueStore::reply_to(const StoreRequest& request) {
  StoreReply reply{request.id};
  std::visit(Overloaded{[](const WaitForKeys&) {},
                        [&](const SetKey& wish) { values_[wish.key] = wish.value; },
                        [&](const GetKey& wish) { reply.value = values_.at(wish.key); },
                        [&](const CheckKeys& wish) { reply.number = has_all(wish.keys) ? 1 : 0; },
                        [&](const AddToKey& wish) { reply.number = add(wish); },
                        [&](const CompareSetKey& wish) { reply.value = compare_set(wish); },
                        [&](const DeleteKey& wish) {
                          reply.number = static_cast<std::int64_t>(values_.erase(wish.key));
                        },
                        [&](const CountKeys&) { reply.number = std::ssize(values_); }},
             request.wish);
  return reply;
}

std::int64_t KeyValueStore::add(const AddToKey& wish) {
  auto& kept = values_[wish.key];
  std::int64_t before = 0, sum = 0;
  const std::string text = kept.empty() ? "0" : std::string(kept.begin(), kept.end());
  const auto* end = text.data() + text.size();
  const auto [stopped_at, error] = std::from_chars(text.data(), end, before);
  if (error != std::errc() || stopped_at != end ||
      __builtin_add_overflow(before, wish.number, &sum))
    throw BadMessage("the store cannot add to " + wish.key);
  const auto digits = std::to_string(sum);
  kept.assign(digits.begin(), digits.end());
  return sum;
}

/// As TCPStore does it: a key that is not there counts as empty, and is not made in vain.
Bytes KeyValueStore::compare_set(const CompareSetKey& wish) {
  const auto kept = values_.find(wish.key);
  const auto now = kept == values_.end() ? Bytes{} : kept->second;
  if (now == wish.expected) return values_[wish.key] = wish.value;
  return kept == values_.end() ? wish.expected : now;
}

void KeyValueStore::answer_who_waits() {
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    if (!may_answer(each->request.wish)) {
      ++each;
      continue;
    }
    each->answer(reply_to(each->request));
    each = waiting_.erase(each);
  }
}

}  // namespace runner
