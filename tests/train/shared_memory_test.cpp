#include "tests/reference/reference.hpp"
#include "tests/train/ranks_as_threads.hpp"

#include <mutex>

#include <ATen/ATen.h>
#include <doctest/doctest.h>

using namespace runner;
using reference::scatter;

namespace {

using Lines = std::vector<std::string>;

at::Tensor numbers_of(int rank, std::int64_t count, at::ScalarType type) {
  return (scatter({count}, rank) * (1 + rank)).to(type);
}

/// One after another in the order of ranks.
at::Tensor sum_of_all(int size, std::int64_t count, at::ScalarType type) {
  auto sum = numbers_of(0, count, type);
  for (int rank = 1; rank < size; ++rank) sum = sum + numbers_of(rank, count, type);
  return sum;
}

}  // namespace

TEST_CASE("sums in shared memory are those of one rank after another, bit for bit on all ranks") {
  for (const int size : {2, 3, 5}) {
    std::mutex mutex;
    const auto errors = as_ranks(
        size,
        [&](const Ranks& ranks) {
          for (const std::int64_t count : {0, 1, 2, 7, 100'000}) {
            const auto mine = [&](at::ScalarType type) {
              return numbers_of(ranks.rank(), count, type);
            };
            const auto sums =
                ranks.memory()->sum({mine(at::kFloat), mine(at::kDouble), mine(at::kLong)});
            const std::lock_guard lock(mutex);  // doctest's checks in several threads
            CHECK(at::equal(sums[0], sum_of_all(size, count, at::kFloat)));
            CHECK(at::equal(sums[1], sum_of_all(size, count, at::kDouble)));
            CHECK(at::equal(sums[2], sum_of_all(size, count, at::kLong)));
          }
        },
        Sums::in_memory);
    CHECK(errors == Lines(static_cast<std::size_t>(size)));
  }
}

TEST_CASE("a thousand sums one after another keep apart, whichever rank is late") {
  std::vector<double> totals(3);
  const auto errors = as_ranks(
      3,
      [&](const Ranks& ranks) {
        for (int i = 0; i < 1000; ++i) {
          if (i % 50 == ranks.rank()) std::this_thread::sleep_for(std::chrono::microseconds(300));
          auto value = at::full({2, 3}, i + ranks.rank(), at::kDouble);
          ranks.sum(value);
          if (!at::equal(value, at::full({2, 3}, 3.0 * i + 3, at::kDouble))) return;
          totals[static_cast<std::size_t>(ranks.rank())] += 1;
        }
      },
      Sums::in_memory);
  CHECK(errors == Lines(3));
  CHECK(totals == std::vector<double>(3, 1000));
}

TEST_CASE("every rank takes what another owns from it") {
  std::mutex mutex;
  const auto errors = as_ranks(
      3,
      [&](const Ranks& ranks) {
        std::vector<std::vector<at::Tensor>> owned(3);
        for (int owner = 0; owner < 2; ++owner)  // the third owns nothing
          for (const int count : {5, 1000})
            owned[static_cast<std::size_t>(owner)].push_back(
                at::full({count, 2}, owner == ranks.rank() ? owner + count : -1, at::kFloat));
        ranks.memory()->take_from_owners(owned);
        const std::lock_guard lock(mutex);
        for (int owner = 0; owner < 2; ++owner)
          for (const auto& tensor : owned[static_cast<std::size_t>(owner)])
            CHECK(tensor.eq(owner + tensor.size(0)).all().item<bool>());
      },
      Sums::in_memory);
  CHECK(errors == Lines(3));
}

TEST_CASE("what shared memory has no room for is left to Gloo") {
  const auto errors = as_ranks(
      2,
      [&](const Ranks& ranks) {
        auto large = at::full({17 << 20}, 1 + ranks.rank(), at::kFloat);
        if (ranks.memory()->has_room_for({large})) throw std::runtime_error("68 MiB have room");
        ranks.sum(large);
        if (!large.eq(3).all().item<bool>()) throw std::runtime_error("wrong sum");
      },
      Sums::in_memory);
  CHECK(errors == Lines(2));
}

TEST_CASE("a rank that does not come to a sum in memory is named") {
  const auto errors = as_ranks(
      3,
      [&](const Ranks& ranks) {
        if (ranks.rank() == 1) return;
        auto value = at::ones({1});
        ranks.sum(value);
      },
      Sums::in_memory, std::chrono::milliseconds(300));
  CHECK(errors == Lines{"rank 1 has not come to a sum within 0.3 s", "",
                        "rank 1 has not come to a sum within 0.3 s"});
}

TEST_CASE("a segment is opened by its name while its owner has it, and by no other") {
  auto mine = SharedSegment::create(4096);
  REQUIRE(mine);
  mine->data()[7] = std::byte{42};
  const auto same = SharedSegment::open(mine->name(), 4096);
  REQUIRE(same);
  CHECK(same->data()[7] == std::byte{42});
  CHECK_FALSE(SharedSegment::open(mine->name() + "0", 4096));
  CHECK_FALSE(SharedSegment::open("/proc/self/fd/0 runner-0", 4096));
  CHECK_FALSE(SharedSegment::open("", 4096));
  const auto name = mine->name();
  mine.reset();
  CHECK_FALSE(SharedSegment::open(name, 4096));
}
