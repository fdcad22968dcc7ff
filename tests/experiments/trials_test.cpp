#include "experiments/trials.hpp"

#include "experiments/id.hpp"
#include "experiments/schema.hpp"
#include "experiments/sweeps.hpp"
#include "tests/experiments/fixture.hpp"

#include <cmath>

using namespace runner;

namespace {

Sweep example_sweep(const std::string& identity, const std::string& name = "mnist") {
  Sweep sweep;
  sweep.name = name;
  sweep.identity = identity;
  sweep.metric = "eval/loss";
  sweep.mode = "min";
  sweep.settings = "{}";
  return sweep;
}

Trial example_trial(const std::string& key) {
  Trial trial;
  trial.key = key;
  trial.parameters = R"({"seed":1})";
  return trial;
}

Process gone() {
  auto process = current_process();
  process.started += 1;  // its pid has another process now
  return process;
}

/// A sweep with trials of these keys.
struct Queue {
  Queue(const Database& database, const std::string& identity, const std::vector<std::string>& keys)
      : trials(database, begin_sweep(database, example_sweep(identity))) {
    for (const auto& key : keys) trials.add(example_trial(key));
  }

  Trial trial(std::int64_t number) const {
    return trials.all().at(static_cast<std::size_t>(number - 1));
  }
  std::string status(std::int64_t number) const {
    return std::string(to_text(trial(number).status));
  }
  std::optional<std::int64_t> first_waiting() const {
    const auto found = trials.first_waiting([](const Trial&) { return true; });
    return found ? std::optional(found->number) : std::nullopt;
  }
  void claim(std::int64_t number, const Process& holder = current_process()) {
    trials.claim(trial(number), "run" + std::to_string(number), holder);
  }

  Trials trials;
};

}  // namespace

TEST_CASE("a sweep's trials are numbered from 1, each key once") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Queue queue(store.database(), "a", {"x", "y", "x"});
  CHECK(queue.trials.count() == 2);
  CHECK(queue.trial(1).key == "x");
  CHECK(queue.trial(2).key == "y");
  CHECK(queue.trials.append(example_trial("x")) == 3);
  CHECK(queue.trials.count(TrialStatus::waiting) == 3);
}

TEST_CASE("the same identity is the same sweep, with what was said last") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  auto sweep = example_sweep("a");
  const auto id = begin_sweep(store.database(), sweep);
  sweep.wanted = 7;
  sweep.command = "runner run again.yaml";
  CHECK(begin_sweep(store.database(), sweep) == id);
  CHECK(begin_sweep(store.database(), example_sweep("b")) != id);
  const auto found = find_sweep(store.database(), id);
  CHECK(found.wanted == 7);
  CHECK(found.command == "runner run again.yaml");
  CHECK(read_sweeps(store.database()).size() == 2);
}

TEST_CASE("a claimed trial no longer waits, and leaves with its result") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Queue queue(store.database(), "a", {"x", "y"});
  queue.claim(1);
  CHECK(queue.status(1) == "running");
  CHECK(queue.trial(1).run_id == "run1");
  CHECK(queue.first_waiting() == 2);
  queue.trials.set_value(1, 0.25);
  queue.trials.put(1, TrialStatus::failed, "nan", "loss is NaN at step 3");
  const auto failed = queue.trial(1);
  CHECK(to_text(failed.status) == "failed");
  CHECK(failed.failure == "nan");
  CHECK(failed.reason == "loss is NaN at step 3");
  CHECK(failed.value == 0.25);
  CHECK(failed.attempts == 1);
  queue.trials.set_value(2, NAN);  // SQLite knows no NaN
  CHECK_FALSE(queue.trial(2).value.has_value());
}

TEST_CASE("only failures are attempts: who is stopped, paused or lost may try as often as ever") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Queue queue(store.database(), "a", {"x"});
  const auto left_as = [&](TrialStatus status, const std::string& failure) {
    queue.claim(1);
    queue.trials.put(1, status, failure, "why");
    return queue.trial(1).attempts;
  };
  CHECK(left_as(TrialStatus::waiting, "") == 0);
  CHECK(left_as(TrialStatus::paused, "") == 0);
  CHECK(left_as(TrialStatus::waiting, "infrastructure") == 1);
  CHECK(left_as(TrialStatus::paused, "") == 1);
  queue.claim(1, gone());
  queue.trials.release_lost(current_process());
  CHECK(queue.trial(1).attempts == 1);
  CHECK(left_as(TrialStatus::failed, "infrastructure") == 2);
  queue.trials.put(1, TrialStatus::waiting);  // the user has started the sweep again
  CHECK(queue.trial(1).attempts == 0);
  CHECK(left_as(TrialStatus::done, "") == 1);
}

TEST_CASE("what a process held that is gone waits again, with its run") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Queue queue(store.database(), "a", {"x", "y", "z", "w"});
  auto rebooted = current_process();
  rebooted.boot_id = "another";
  queue.claim(1, gone());
  queue.claim(2, current_process());
  queue.claim(3, rebooted);
  const auto child = start_child([] { return 0; });
  auto ended = current_process();
  ended.pid = child;
  CHECK(exit_code(child) == 0);
  queue.claim(4, ended);
  queue.trials.release_lost(current_process());
  CHECK(queue.status(1) == "waiting");
  CHECK(queue.trial(1).run_id == "run1");
  CHECK(queue.status(2) == "running");
  CHECK(queue.status(3) == "waiting");
  CHECK(queue.status(4) == "waiting");
}

TEST_CASE("a process of another host is lost when it has not said for 90 seconds that it lives") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Queue queue(store.database(), "a", {"x", "y"});
  const Process there{"node9", "boot", 7, 7}, silent{"node8", "boot", 7, 7};
  queue.claim(1, there);
  queue.claim(2, silent);
  queue.trials.release_lost(current_process());
  CHECK(queue.trials.count(TrialStatus::running) == 2);
  store.database().execute("UPDATE trials SET renewed = renewed - 89000");
  queue.trials.release_lost(current_process());
  CHECK(queue.trials.count(TrialStatus::running) == 2);
  queue.trials.renew(there);
  store.database().execute("UPDATE trials SET renewed = renewed - 1500");
  queue.trials.release_lost(current_process());
  CHECK(queue.status(1) == "running");
  CHECK(queue.status(2) == "waiting");
}

TEST_CASE("a trial's twin is done, or runs, in any sweep; one that is done comes first") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const auto here = current_process();
  Queue first(store.database(), "a", {"x"}), second(store.database(), "b", {"x", "y"}),
      third(store.database(), "c", {"x"});
  CHECK_FALSE(third.trials.twin(third.trial(1), here).has_value());
  first.claim(1);
  CHECK(to_text(third.trials.twin(third.trial(1), here)->status) == "running");
  CHECK_FALSE(first.trials.twin(first.trial(1), here).has_value());  // not itself
  second.claim(1);
  second.trials.set_value(1, 0.5);
  second.trials.put(1, TrialStatus::done);
  const auto twin = third.trials.twin(third.trial(1), here);
  CHECK(to_text(twin->status) == "done");
  third.trials.copy_result(1, *twin, 0.75);  // of its own metric
  CHECK(third.status(1) == "done");
  CHECK(third.trial(1).run_id == "run1");
  CHECK(third.trial(1).value == 0.75);
}

TEST_CASE("a twin whose process is gone is none") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Queue first(store.database(), "a", {"x"}), second(store.database(), "b", {"x"});
  first.claim(1, gone());
  CHECK_FALSE(second.trials.twin(second.trial(1), current_process()).has_value());
  first.claim(1, {"node9", "boot", 7, 7});
  CHECK(second.trials.twin(second.trial(1), current_process()).has_value());
  store.database().execute("UPDATE trials SET renewed = renewed - 91000");
  CHECK_FALSE(second.trials.twin(second.trial(1), current_process()).has_value());
}

TEST_CASE("what trials came to at rungs is kept, a failure as a value that is none") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Queue queue(store.database(), "a", {"x", "y"});
  queue.trials.add_rung_result(2, 0, 0.5);
  queue.trials.add_rung_result(1, 0, NAN);
  queue.trials.add_rung_result(2, 1, 0.25);
  queue.trials.add_rung_result(2, 1, 0.2);  // again, after a kill
  const auto rows = queue.trials.rung_results();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].number == 1);
  CHECK(std::isnan(rows[0].value));
  CHECK(rows[2].rung == 1);
  CHECK(rows[2].value == 0.2);
}

TEST_CASE("a sweep is found by its id, its beginning, its name or as the last") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const auto& database = store.database();
  CHECK(error_of<UserError>([&] { find_sweep(database, "last"); }) == "there are no sweeps yet");
  CHECK(error_of<UserError>([&] { find_sweep(database, "x"); }) == "there are no sweeps yet");
  begin_sweep(database, example_sweep("a", "mnist"));
  begin_sweep(database, example_sweep("b", "mnist"));
  begin_sweep(database, example_sweep("c", "other"));
  // Ids that are known.
  database.execute("UPDATE sweeps SET id = '2aaa' || identity");
  CHECK(find_sweep(database, "last").id == "2aaac");
  CHECK(find_sweep(database, "mnist").id == "2aaab");
  CHECK(find_sweep(database, "2aaaa").id == "2aaaa");
  database.execute("UPDATE sweeps SET id = '2bbbb' WHERE identity = 'b'");
  CHECK(find_sweep(database, "2b").id == "2bbbb");
  CHECK(error_of<UserError>([&] { find_sweep(database, "2a"); }) ==
        "several sweeps begin with '2a': 2aaaa (mnist), 2aaac (other)");
  CHECK(error_of<UserError>([&] { find_sweep(database, "nothing"); }) ==
        "there is no sweep 'nothing'; there are 2aaac (other), 2bbbb (mnist), 2aaaa (mnist)");
}

TEST_CASE("a database of before there were sweeps is brought forward, its runs of none") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "old.db";
  make_old_database(file, 4);
  Store store = Store::open(file);
  CHECK(store.database().integer("SELECT count(*) FROM runs WHERE sweep IS NULL") == 1);
  CHECK(read_sweeps(store.database()).empty());
  Queue queue(store.database(), "a", {"x"});
  CHECK(queue.first_waiting() == 1);
}

TEST_CASE("eight processes take a hundred trials, each once") {
  const TemporaryFolder folder;
  constexpr int all = 100;
  {
    Store store = Store::create_or_open(folder.database());
    std::vector<std::string> keys;
    for (int i = 0; i < all; ++i) keys.push_back("key" + std::to_string(i));
    const Queue queue(store.database(), "a", keys);
  }
  const auto codes = exit_codes_of(8, [&] {
    Store store = Store::open(folder.database());
    Queue queue(store.database(), "a", {});
    int taken = 0;
    while (true) {
      Transaction transaction(store.database());
      const auto number = queue.first_waiting();
      if (!number) return taken;
      queue.claim(*number);
      queue.trials.put(*number, TrialStatus::done);
      transaction.commit();
      ++taken;
    }
  });
  int sum = 0;
  for (const auto code : codes) sum += code;
  CHECK(sum == all);
  Store store = Store::open(folder.database());
  CHECK(store.database().integer("SELECT sum(attempts) FROM trials") == all);
}
