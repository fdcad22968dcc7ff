#include "experiments/annotations.hpp"

#include "experiments/better.hpp"
#include "experiments/listing.hpp"
#include "tests/experiments/fixture.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// Three runs: a with the tags good and new, b with good, c with none.
struct Tagged {
  TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  std::string a = store.begin(example_run("a")), b = store.begin(example_run("b")),
              c = store.begin(example_run("c"));

  Tagged() {
    for (const auto* tag : {"new", "good"}) add_tag(store.database(), a, tag);
    add_tag(store.database(), b, "good");
  }

  std::string names(const std::string& where, bool archived = false) {
    ListRequest request{.where = where, .sort = "name", .columns = {"name"}};
    request.archived = archived;
    std::string out;
    for (const auto& row : list_runs(store.database(), request).rows)
      out += std::get<std::string>(row[0]);
    return out;
  }
};

}  // namespace

TEST_CASE("a run keeps its tags in the order of the alphabet, each once, and its note") {
  Tagged runs;
  add_tag(runs.store.database(), runs.a, "good");
  set_note(runs.store.database(), runs.a, "the best so far");
  const auto found = read_annotations(runs.store.database(), runs.a);
  CHECK(found.tags == std::vector<std::string>{"good", "new"});
  CHECK(found.note == "the best so far");
  CHECK_FALSE(found.archived);
  CHECK(remove_tag(runs.store.database(), runs.a, "new"));
  CHECK_FALSE(remove_tag(runs.store.database(), runs.a, "new"));
  set_note(runs.store.database(), runs.a, "");
  CHECK(read_annotations(runs.store.database(), runs.a).note.empty());
}

TEST_CASE("what is no word is no tag") {
  Tagged runs;
  for (const std::string bad : {"", "two words", "a,b"})
    CHECK(error_of<UserError>([&] { add_tag(runs.store.database(), runs.a, bad); }) ==
          "'" + bad +
              "' is no tag: expected a word of at most 64 bytes, without blanks and commas");
  CHECK(error_of<UserError>([&] { rename_run(runs.store.database(), runs.a, ""); }) ==
        "a run's name cannot be empty");
}

TEST_CASE(
    "what a terminal would take for a command, or JSON cannot hold, is no name, tag or note") {
  Tagged runs;
  const auto& database = runs.store.database();
  CHECK(error_of<UserError>([&] { add_tag(database, runs.a, "tab\t"); }) ==
        "'tab\\x09' is no tag: expected a word of at most 64 bytes, without blanks and commas");
  CHECK(error_of<UserError>([&] { add_tag(database, runs.a, "caf\xe9"); }) ==
        "'caf\uFFFD' cannot be a tag: it is not UTF-8");
  CHECK(error_of<UserError>([&] { rename_run(database, runs.a, "\x1b[31mred"); }) ==
        "'\\x1b[31mred' cannot be a run's name: it has control characters");
  CHECK(error_of<UserError>([&] { set_note(database, runs.a, "\xff"); }) ==
        "'\uFFFD' cannot be a note: it is not UTF-8");
  CHECK_NOTHROW(set_note(database, runs.a, "two\nlines"));
}

TEST_CASE("a filter asks whether runs have a tag") {
  Tagged runs;
  CHECK(runs.names("tag == good") == "ab");
  CHECK(runs.names("tag == good and tag == new") == "a");
  CHECK(runs.names("tag != good") == "c");
  CHECK(runs.names("tag ~ go") == "ab");
  CHECK(error_of<UserError>([&] { runs.names("tag > good"); }) ==
        "tags have no order: use ==, != or ~\n  tag > good\n        ^");
}

TEST_CASE("lists leave archived runs out, unless they are asked for") {
  Tagged runs;
  set_archived(runs.store.database(), runs.b, true);
  CHECK(runs.names("") == "ac");
  CHECK(runs.names("tag == good or name == c") == "ac");
  CHECK(runs.names("", true) == "abc");
  CHECK(runs.names("archived == true") == "b");
  set_archived(runs.store.database(), runs.b, false);
  CHECK(runs.names("") == "abc");
}

TEST_CASE("a filter counts times back from now") {
  Tagged runs;
  runs.store.database().execute("UPDATE runs SET started = started - 7200000 WHERE name = 'a'");
  CHECK(runs.names("started > -1h") == "bc");
  CHECK(runs.names("started > -1d") == "abc");
  CHECK(runs.names("started < -90m") == "a");
}

TEST_CASE("a metric's first value, its best, and what it was at a step") {
  Tagged runs;
  {
    Recorder recorder(runs.folder.database(), runs.a);
    for (const auto& [step, value] : {std::pair(10, 0.5), {20, 0.9}, {30, 0.7}}) {
      recorder.record("eval/accuracy", step, 1.0, value);
      recorder.record("eval/loss", step, 1.0, 1 - value);
    }
    recorder.finish(Status::done);
  }
  CHECK(runs.names("first(eval/accuracy) == 0.5") == "a");
  CHECK(error_of<UserError>([&] { runs.names("best(eval/accuracy) == 0.9"); }) ==
        "best(eval/accuracy): whether more of it is better is not known; write "
        "max(eval/accuracy) or min(eval/accuracy)");
  set_more_is_better([](std::string_view metric) { return metric == "eval/accuracy"; });
  CHECK(runs.names("best(eval/accuracy) == 0.9 and best(eval/loss) < 0.11") == "a");
  CHECK(runs.names("at(eval/accuracy, 25) == 0.9") == "a");
  CHECK(runs.names("at(eval/accuracy,30) == 0.7") == "a");
  CHECK(runs.names("at(eval/accuracy, 5) == 0.5").empty());
  CHECK(error_of<UserError>([&] { runs.names("at(eval/accuracy) > 1"); }) ==
        "expected at(METRIC, STEP)\n  at(eval/accuracy) > 1\n     ^");
}
