#include "runner/supervise/key_value_store.hpp"

#include <algorithm>
#include <stdexcept>

namespace runner {
namespace {

std::vector<std::uint8_t> bytes_of(const Json& value) { return value.get_binary(); }

}  // namespace

void KeyValueStore::ask(const Json& request, Answer answer) {
  if (!may_answer(request)) {
    waiting_.push_back({request, std::move(answer)});
    return;
  }
  answer(reply_to(request));
  answer_who_waits();
}

bool KeyValueStore::may_answer(const Json& request) const {
  const auto& wish = request.at("do");
  if (wish == "get") return values_.contains(request.at("key").get<std::string>());
  return wish != "wait" || has_all(request.at("keys"));
}

bool KeyValueStore::has_all(const Json& keys) const {
  return std::ranges::all_of(
      keys, [&](const Json& key) { return values_.contains(key.get<std::string>()); });
}

Json KeyValueStore::reply_to(const Json& request) {
  Json reply{{"id", request.at("id")}};
  const auto wish = request.at("do").get<std::string>();
  if (wish == "wait") return reply;
  auto& value = reply["value"];
  if (wish == "check")
    value = has_all(request.at("keys"));
  else if (wish == "count")
    value = values_.size();
  else if (const auto key = request.at("key").get<std::string>(); wish == "get")
    value = Json::binary(values_.at(key));
  else if (wish == "set")
    values_[key] = bytes_of(request.at("value"));
  else if (wish == "add")
    value = add(key, request.at("value"));
  else if (wish == "compare_set")
    value = compare_set(key, request.at("expected"), request.at("value"));
  else if (wish == "delete")
    value = values_.erase(key) > 0;
  else
    throw std::invalid_argument("a store cannot '" + wish + "'");
  return reply;
}

Json KeyValueStore::add(const std::string& key, std::int64_t number) {
  auto& kept = values_[key];
  if (!kept.empty()) number += std::stoll(std::string(kept.begin(), kept.end()));
  const auto digits = std::to_string(number);
  kept.assign(digits.begin(), digits.end());
  return number;
}

/// As TCPStore does it: a key that is not there counts as empty, and is not made in vain.
Json KeyValueStore::compare_set(const std::string& key, const Json& expected, const Json& value) {
  const auto kept = values_.find(key);
  const auto now = kept == values_.end() ? Bytes{} : kept->second;
  if (now == bytes_of(expected)) return Json::binary(values_[key] = bytes_of(value));
  return kept == values_.end() ? expected : Json::binary(now);
}

void KeyValueStore::answer_who_waits() {
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    if (!may_answer(each->request)) {
      ++each;
      continue;
    }
    each->answer(reply_to(each->request));
    each = waiting_.erase(each);
  }
}

}  // namespace runner
