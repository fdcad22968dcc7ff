#include "tests/trust/chance.hpp"
#include "tests/trust/deed.hpp"
#include "tests/trust/preloaded.hpp"

#include <cerrno>
#include <cstring>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace runner;

namespace {

/// How a call can fail; 0 is a write that writes half.
const std::vector<int>& errors_of(std::string_view kind) {
  static const std::vector<int> of_writes{EIO, ENOSPC, EINTR, 0}, of_opens{EIO, EMFILE, EINTR},
      of_maps{ENOMEM}, of_others{EIO, ENOSPC}, of_syncs{EIO, EINTR}, of_reads{EIO};
  return kind == "write"   ? of_writes
         : kind == "open"  ? of_opens
         : kind == "mmap"  ? of_maps
         : kind == "fsync" ? of_syncs
         : kind == "read"  ? of_reads
                           : of_others;
}

struct Fault {
  const Deed* deed;
  std::string process, kind;
  int error;
  std::uint64_t nth;
  bool and_later;

  std::string text() const {
    return fmt::format("{}:{}:{}{}", kind, error, nth, and_later ? "+" : "");
  }
};

/// What was told, as text or (with --json) as an event.
bool is_in_words(const Printed& printed) {
  const bool is_raw = printed.err.find("terminate") != std::string::npos ||
                      printed.err.find("std::") != std::string::npos;
  const bool is_event = printed.out.find(R"("status":"failed","reason":")") != std::string::npos;
  return !is_raw && (!printed.err.empty() || is_event);
}

/// The run goes on without a checkpoint that could not be written, and says so.
bool lacks_a_checkpoint(const Printed& printed) {
  return printed.err.find("could not be saved") != std::string::npos ||
         printed.out.find(R"("event":"not_saved")") != std::string::npos;
}

/// How often each kind is called, undisturbed.
std::uint64_t calls_of(const Deed& deed, const std::string& process, std::string_view kind) {
  static std::map<std::pair<const Deed*, std::string>, std::map<std::string, std::uint64_t>> known;
  auto& counts = known[{&deed, process}];
  if (counts.empty()) {
    const World world;
    const CallCounts calls;
    world
        .start(words_of(deed, world), "one",
               preloaded(world, process, {{"RUNNER_TRUST_COUNTS", calls.file()}}))
        .wait();
    for (const auto each : preload::kinds) counts[std::string(each)] = calls.of(each);
  }
  return counts[std::string(kind)];
}

/// Whether it fired.
bool try_fault(const Fault& fault) {
  const auto what = fmt::format("{}, {}, {} ({})", fault.deed->name, fault.process, fault.text(),
                                std::strerror(fault.error));
  INFO(what);
  const World world;
  const CallCounts calls;
  auto program = world.start(
      words_of(*fault.deed, world), "one",
      preloaded(world, fault.process,
                {{"RUNNER_TRUST_COUNTS", calls.file()}, {"RUNNER_TRUST_FAULT", fault.text()}}));
  const auto printed = wait_or_kill(program);
  if (calls.fired() == 0) return false;
  INFO("code " << printed.code << ": " << printed.err);
  CHECK(printed.code >= 0);
  CHECK((printed.code == 0 || is_in_words(printed)));
  CHECK(fmt::format("{}", fmt::join(world.broken(), "\n")) == "");
  CHECK(left_running(world.mark()).empty());
  if (!lacks_a_checkpoint(printed)) CHECK(aftermath(world, {fault.deed}) == "");
  return true;
}

bool trains(const Deed& deed) {
  return deed.name == "run" || deed.name == "resume" || deed.name == "sweep";
}

/// Each call with one of its errors, until there is no such call.
std::uint64_t fail_each_call(const Deed& deed, const std::string& process, auto& random) {
  std::uint64_t fired = 0;
  for (const auto kind : preload::kinds) {
    const auto& errors = errors_of(kind);
    for (std::uint64_t nth = 1;; ++nth, ++fired) {
      const int error = errors[below(random, errors.size())];
      if (!try_fault({&deed, process, std::string(kind), error, nth, false})) break;
    }
  }
  return fired;
}

void fail_each_call(bool of_training, const std::vector<std::string>& processes) {
  by_chance(1, [&](auto& random) {
    for (const auto& deed : brief_deeds()) {
      if (trains(deed) != of_training) continue;
      for (const auto& process : processes)
        MESSAGE(deed.name << ", " << process << ": " << fail_each_call(deed, process, random)
                          << " fired");
    }
  });
}

}  // namespace

TEST_CASE("a system call that fails ends in words or changes nothing, and all stays whole") {
  std::map<std::string, int> fired;
  by_chance(30, [&](auto& random) {
    const auto& deed = brief_deeds()[below(random, brief_deeds().size())];
    const std::string process = trains(deed) && below(random, 2) == 0 ? "runner-worker" : "runner";
    const std::string kind(preload::kinds[below(random, preload::kinds.size())]);
    const auto calls = calls_of(deed, process, kind);
    if (calls == 0) return;
    const auto& errors = errors_of(kind);
    // An interruption for ever would be tried again for ever.
    Fault fault{
        &deed, process, kind, errors[below(random, errors.size())], 1 + below(random, calls),
        false};

    fault.and_later = fault.error != EINTR && below(random, 3) == 0;
    if (try_fault(fault)) ++fired[kind];
  });
  std::string text;
  for (const auto& [kind, count] : fired) text += fmt::format("{} {}, ", kind, count);
  MESSAGE("fired: " << text);
  CHECK_FALSE(fired.empty());
}

TEST_CASE("every system call of a command that trains fails once" * doctest::skip()) {
  fail_each_call(true, {"runner", "runner-worker"});
}

TEST_CASE("every system call of every other command fails once" * doctest::skip()) {
  fail_each_call(false, {"runner"});
}
