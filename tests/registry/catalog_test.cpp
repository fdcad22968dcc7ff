#include "registry/catalog.hpp"

#include "registry/datasets/catalog.hpp"
#include "registry/kinds.hpp"
#include "registry/losses/catalog.hpp"
#include "registry/models/catalog.hpp"
#include "registry/optimizers/catalog.hpp"
#include "registry/precisions/catalog.hpp"
#include "registry/schedulers/catalog.hpp"
#include "registry/topologies/catalog.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

struct Sample {
  static constexpr auto summary = "one field of each type";

  bool flag = true;
  std::int64_t count = 3;
  double share = 0.5;
  std::string word = "a";
  std::optional<std::int64_t> limit;
  Interval every{2, Unit::steps};
  std::vector<std::int64_t> sizes{1, 2};
  std::vector<double> rates{0.5};
  double kept = 0.9;
  Components<"loss"> losses;

  static constexpr auto fields() {
    return std::tuple{field("flag", &Sample::flag, "h"),
                      field("count", &Sample::count, "h", range(1, 10)),
                      field("share", &Sample::share, "h", above(0)),
                      field("word", &Sample::word, "h", one_of<"a", "b">),
                      field("limit", &Sample::limit, "h", at_least(1)),
                      field("every", &Sample::every, "h"),
                      field("sizes", &Sample::sizes, "h", at_least(1)),
                      field("rates", &Sample::rates, "h", range(0, 1)),
                      field("kept", &Sample::kept, "h", range_below(0, 1)),
                      field("losses", &Sample::losses, "h")};
  }
};

struct Forgetful {
  int described = 1;
  int forgotten = 2;
  static constexpr auto fields() {
    return std::tuple{field("described", &Forgetful::described, "h")};
  }
};

struct Repetitive {
  int a = 1, b = 2;
  static constexpr auto fields() {
    return std::tuple{field("a", &Repetitive::a, "h"), field("a", &Repetitive::b, "h")};
  }
};

struct Shared {
  int a = 1;
  static constexpr auto fields() { return std::tuple{field("a", &Shared::a, "h")}; }
};

struct Composed {
  Shared shared;
  int b = 2;
  static constexpr auto fields() {
    return std::tuple{part(&Composed::shared), field("b", &Composed::b, "h")};
  }
};

struct Colliding {
  Shared shared;
  int a = 2;
  static constexpr auto fields() {
    return std::tuple{part(&Colliding::shared), field("a", &Colliding::a, "h")};
  }
};

static_assert(describes_every_member<Composed>());
static_assert(!describes_every_member<Colliding>());
static_assert(describes_every_member<Sample>());
static_assert(!describes_every_member<Forgetful>());
static_assert(!describes_every_member<Repetitive>());

const FieldDescription& sample_field(const std::string& name) {
  static const auto sample = describe_component<Sample>("sample");
  return *sample.find(name);
}

std::string refused(const std::string& name, const Json& value) {
  return check(sample_field(name), value).expected;
}

/// The options' values, as the description gives them and as they come back from them.
template <class Options>
Json values(const Options& options) {
  Json out = Json::object();
  for_each_field(options, [&](const auto& f, const auto& value) {
    out[std::string(f.name)] = to_json_value(value);
  });
  return out;
}

template <class... Entries>
void check_round_trips(Catalog<Entries...>) {
  const auto check_entry = [](auto entry) {
    using Options = typename decltype(entry)::Options;
    CAPTURE(decltype(entry)::name);
    const auto description = describe_component<Options>(decltype(entry)::name);
    Json defaults = Json::object();
    for (const auto& field : description.fields) {
      CAPTURE(field.name);
      if (field.has_default()) {
        CHECK(check(field, field.initial).expected == "");
        CHECK(check(field, field.initial).value == field.initial);
        CHECK(schema(field).at("default") == field.initial);
      }
      CHECK_FALSE(field.help.empty());
      CHECK_FALSE(expectation(field).empty());
      defaults[field.name] = field.initial;
    }
    CHECK_FALSE(description.summary.empty());
    CHECK(values(from_json<Options>(defaults)) == defaults);
    CHECK(values(Options{}) == defaults);
  };
  (check_entry(Entries{}), ...);
}

}  // namespace

TEST_CASE("every catalog entry round-trips its defaults, schema and help") {
  check_round_trips(Models{});
  check_round_trips(Datasets{});
  check_round_trips(Losses{});
  check_round_trips(Optimizers{});
  check_round_trips(Schedulers{});
  check_round_trips(Precisions{});
  check_round_trips(Topologies{});
}

TEST_CASE("values of the right type and range are accepted, and stored as the field's type") {
  CHECK(check(sample_field("share"), 2).value.is_number_float());
  CHECK(check(sample_field("every"), "1 epochs").value == "1 epoch");
  CHECK(check(sample_field("limit"), nullptr).value.is_null());
  CHECK(refused("sizes", Json::array({4, 5})) == "");
  CHECK(refused("word", "b") == "");
}

TEST_CASE("a wrong value is answered with what was expected") {
  CHECK(refused("flag", 1) == "true or false");
  CHECK(refused("count", 11) == "a whole number from 1 to 10");
  CHECK(refused("count", 1.0) == "a whole number from 1 to 10");
  CHECK(refused("share", 0) == "a number above 0");
  CHECK(refused("word", "c") == "one of a, b");
  CHECK(refused("word", "") == "one of a, b");
  CHECK(refused("limit", 0) == "a whole number of at least 1, or null");
  CHECK(refused("every", "0 steps") ==
        "an interval such as '1 epoch', '500 steps' or '10 minutes'");
  CHECK(refused("every", 3) == "an interval such as '1 epoch', '500 steps' or '10 minutes'");
  CHECK(refused("sizes", Json::array({1, 0})) == "a list of whole numbers of at least 1");
  CHECK(refused("rates", Json::array({0.5, 2})) == "a list of numbers from 0 to 1");
  CHECK(refused("kept", 1) == "a number of at least 0 and below 1");
  CHECK(refused("losses", "nll") == "a list of components of kind 'loss'");
}

TEST_CASE("a field can be one of any number of words, and so can each of a list") {
  constexpr auto digits = one_of<"0", "1", "2", "3", "4", "5", "6", "7", "8", "9">;
  const FieldDescription digit{"digit", "h", Type::text, false, "0", digits, {}};
  for (char word = '0'; word <= '9'; ++word)
    CHECK(check(digit, std::string(1, word)).expected == "");
  CHECK(check(digit, "10").expected == "one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
  CHECK(schema(digit).at("anyOf")[0].at("enum").size() == 10);
  const FieldDescription list{"digits", "h", Type::texts, false, Json::array(), digits, {}};
  CHECK(check(list, {"1", "9"}).expected == "");
  CHECK(check(list, {"1", "x"}).expected == "a list, each one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
  CHECK(schema(list).at("anyOf")[0].at("items").at("anyOf")[0].at("enum").size() == 10);
}

TEST_CASE("a catalog calls the visitor with the options that the component's fields say") {
  const auto hidden = Models::visit<std::vector<std::int64_t>>(
      Json{{"name", "mlp"}, {"hidden", {7, 8}}}, [](const auto& options) {
        if constexpr (requires { options.hidden; }) return options.hidden;
        return std::vector<std::int64_t>{};
      });
  CHECK(hidden == std::vector<std::int64_t>{7, 8});
}

TEST_CASE("kinds that have a default name one of their components") {
  for (const auto& kind : kinds()) {
    CAPTURE(kind.name);
    CHECK((kind.fallback.empty() || kind.find(kind.fallback) != nullptr));
  }
}

namespace {

void check_defaults(const std::vector<FieldDescription>& fields) {
  for (const auto& field : fields) {
    CAPTURE(field.name);
    check_defaults(field.fields);
    if (field.kind.empty()) continue;
    const auto* kind = find_kind(field.kind);
    REQUIRE(kind);
    if (field.type != Type::component || field.initial.is_null()) continue;
    const auto* component = kind->find(field.initial.at("name").get<std::string>());
    REQUIRE(component);
    for (const auto& [key, value] : field.initial.items())
      if (key != "name") CHECK(component->find(key));
  }
}

}  // namespace

TEST_CASE("fields that hold components name a kind, and as a default one of its components") {
  for (const auto& kind : kinds())
    for (const auto& component : kind.components) check_defaults(component.fields);
}

TEST_CASE("intervals are read with or without the plural and written the usual way") {
  CHECK(parse_interval("1 epoch") == Interval{1, Unit::epochs});
  CHECK(parse_interval("500steps") == Interval{500, Unit::steps});
  CHECK(parse_interval("3 sample") == Interval{3, Unit::samples});
  CHECK(to_string(Interval{2, Unit::epochs}) == "2 epochs");
  for (const auto* wrong : {"", "epoch", "0 epochs", "-1 epochs", "1.5 epochs", "1 week",
                            "1 epochss", "99999999999999999999 steps"})
    CHECK_FALSE(parse_interval(wrong));
}

TEST_CASE("the fields of a part stand beside the component's own") {
  const auto fields = describe_fields<Composed>();
  REQUIRE(fields.size() == 2);
  CHECK(fields[0].name == "a");
  CHECK(fields[1].name == "b");
  const auto read = from_json<Composed>({{"a", 5}, {"b", 6}});
  CHECK(read.shared.a == 5);
  CHECK(read.b == 6);
}
