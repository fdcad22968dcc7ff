#include "runner/protocol/message.hpp"

#include "runner/protocol/event.hpp"
#include "runner/protocol/fronts.hpp"
#include "tests/experiments/fixture.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// Gives every member a value that is not its default.
void fill(bool& value) { value = true; }
void fill(int& value) { value = 7; }
void fill(std::int64_t& value) { value = std::int64_t{1} << 40; }
void fill(double& value) { value = 0.1; }
void fill(std::string& value) { value = "a text"; }
void fill(std::filesystem::path& value) { value = "/a/path"; }
void fill(Bytes& value) { value = {0, 255}; }
void fill(Json& value) { value = {{"b", 1}, {"a", {1.5, "x", nullptr}}}; }
void fill(Ending& value) { value = Ending::paused; }
template <class T>
void fill(std::optional<T>& value);
template <class T>
void fill(std::vector<T>& list);
template <class T>
void fill(std::set<T>& list);
template <class T>
void fill(std::map<std::string, T>& map);
template <class T>
void fill(ByName<T>& map);
template <class... Ts>
void fill(std::variant<Ts...>& value);
template <HasFields T>
void fill(T& value) {
  for_each_field(value, [](const auto&, auto& member) { fill(member); });
}
template <class T>
void fill(std::optional<T>& value) {
  fill(value.emplace());
}
template <class T>
void fill(std::vector<T>& list) {
  list.resize(2);
  fill(list.back());
}
template <class T>
void fill(std::set<T>& list) {
  T element{};
  fill(element);
  list = {T{}, element};
}
template <class T>
void fill(std::map<std::string, T>& map) {
  fill(map["a name"]);
}
template <class T>
void fill(ByName<T>& map) {
  fill(map["z"]);
  fill(map["a name"]);
}
template <class... Ts>
void fill(std::variant<Ts...>& value) {
  fill(value.template emplace<sizeof...(Ts) - 1>());
}

template <class Variant>
std::string refusal(const Json& message) {
  return error_of<BadMessage>([&] { read_message<Variant>(message); });
}

/// There and back through the bytes of a channel, with every key in its place, none left out and
/// none added.
template <class Variant, class Message>
void check_message() {
  CAPTURE(Message::name);
  Message filled;
  fill(filled);
  const auto sent = to_json(filled);
  const auto come = Json::from_cbor(Json::to_cbor(sent));
  const auto read = read_message<Variant>(come);
  CHECK(std::holds_alternative<Message>(read));
  CHECK(to_json(read) == sent);
  const auto name = std::string(Message::name);
  for (const auto& [key, value] : sent.items()) {
    if (key == "event") continue;
    CHECK(to_json(Message{}).at(key) != value);
    auto without = sent;
    without.erase(key);
    CHECK(refusal<Variant>(without) == "message '" + name + "': '" + key + "' is missing");
  }
  auto with = sent;
  with["speed"] = 3;
  CHECK(refusal<Variant>(with) == "message '" + name + "': 'speed' is unknown");
}

template <class... Messages>
void check_all(std::type_identity<std::variant<Messages...>>) {
  (check_message<std::variant<Messages...>, Messages>(), ...);
}

const Json saved = to_json(protocol::Saved{3, 1.5, "/f", {{"eval/loss", 0.5}}, {{"a", 4, "x"}}});

/// The refusal of that message with another value somewhere.
std::string refusal_with(const std::string& pointer, const Json& value) {
  auto message = saved;
  message[Json::json_pointer(pointer)] = value;
  return refusal<protocol::FromWorker>(message);
}

}  // namespace

TEST_CASE("every message comes as it was sent, and none with a key too many or too few") {
  check_all(std::type_identity<protocol::FromWorker>{});
  check_all(std::type_identity<protocol::ToWorker>{});
  check_all(std::type_identity<protocol::ToHead>{});
  check_all(std::type_identity<protocol::FromHead>{});
}

TEST_CASE("a value of another type is refused with its place") {
  CHECK(refusal_with("/step", "3") == R"(message 'saved': 'step' is "3", not a whole number)");
  CHECK(refusal_with("/step", 1.5) == "message 'saved': 'step' is 1.5, not a whole number");
  CHECK(refusal_with("/step", ~std::uint64_t{0}) ==
        "message 'saved': 'step' is 18446744073709551615, not a smaller whole number");
  CHECK(refusal_with("/folder", nullptr) == "message 'saved': 'folder' is null, not a text");
  CHECK(refusal_with("/folder", Json::binary({1})) ==
        "message 'saved': 'folder' is bytes, not a text");
  CHECK(refusal_with("/measured", Json::array()) ==
        "message 'saved': 'measured' is a list, not a map");
  CHECK(refusal_with("/measured/x", std::string(1000, 'x')) ==
        "message 'saved': 'measured.x' is a long text, not a number");
  CHECK(refusal_with("/files/0/bytes", true) ==
        "message 'saved': 'files[0].bytes' is true, not a whole number");
  CHECK(refusal_with("/files/0/mode", 7) == "message 'saved': 'files[0].mode' is unknown");
  CHECK(refusal_with("/files", 7) == "message 'saved': 'files' is 7, not a list");
}

TEST_CASE("a message that is none, or another's, is refused") {
  const auto refused = refusal<protocol::FromWorker>;
  CHECK(refused({{"event", "salute"}}) == "message 'salute' is unknown");
  CHECK(refused(to_json(protocol::Stop{})) == "message 'stop' is unknown");
  CHECK(refused({{"step", 1}}) == "a message without 'event'");
  CHECK(refused(Json::array()) == "a message without 'event'");
}

TEST_CASE("a row, a word and one of several structs are refused with what was to come") {
  const auto refused = [](Json message) { return refusal<protocol::FromWorker>(message); };
  auto metrics = to_json(protocol::Metrics{{{"loss", 1, 0.5, 2.5, 7}}});
  CHECK(metrics.at("points").dump() == R"([["loss",1,0.5,2.5,7]])");
  metrics["points"][0].erase(4);
  CHECK(refused(metrics) ==
        "message 'metrics': 'points[0]' is a list, not [metric, step, epoch, value, time]");
  metrics["points"][0] = {"loss", "1", 0.5, 2.5, 7};
  CHECK(refused(metrics) == R"(message 'metrics': 'points[0].step' is "1", not a whole number)");
  auto finished = to_json(protocol::Finished{Ending::failed, "", Mistake{"optimizer.lr", "no"}});
  CHECK(finished.at("cause").dump() == R"({"kind":"mistake","field":"optimizer.lr","text":"no"})");
  finished["cause"]["kind"] = "fate";
  CHECK(refused(finished) == "message 'finished': 'cause.kind' is none of those that are known");
  finished["cause"] = nullptr;
  finished["ending"] = "over";
  CHECK(refused(finished) ==
        "message 'finished': 'ending' is \"over\", not done or paused or "
        "interrupted or failed");
}

TEST_CASE("numbers that are not finite, and the order of names, are kept") {
  protocol::Evaluated evaluated;
  evaluated.metrics = {{"eval/loss", INFINITY}, {"eval/accuracy", 1}, {"test/loss", std::nan("")}};
  const auto come = Json::from_cbor(Json::to_cbor(to_json(evaluated)));
  const auto read = read_as<protocol::Evaluated>(come);
  CHECK(std::isnan(read.metrics.at("test/loss")));
  CHECK(read.metrics.front() == std::pair<const std::string, double>("eval/loss", INFINITY));
}
