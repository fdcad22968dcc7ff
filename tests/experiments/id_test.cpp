#include "experiments/id.hpp"

#include "tests/experiments/fixture.hpp"

#include <algorithm>
#include <set>
#include <vector>

using namespace runner;

TEST_CASE("100,000 ids made at once are ten letters each, unique, and sort as they were made") {
  std::vector<std::string> ids(100'000);
  std::ranges::generate(ids, new_run_id);
  CHECK(std::ranges::all_of(ids, [](const std::string& id) { return id.size() == 10; }));
  CHECK(std::ranges::adjacent_find(ids, std::greater_equal()) == ids.end());
}

TEST_CASE("an id's letters are Crockford's, so that none is taken for another") {
  CHECK(crockford(0) == "0000000000");
  CHECK(crockford(31) == "000000000z");
  CHECK(crockford(32) == "0000000010");
  CHECK(crockford((std::uint64_t{1} << 50) - 1) == "zzzzzzzzzz");
}

TEST_CASE("8 processes that begin runs at once all get ids of their own") {
  const TemporaryFolder folder;
  const auto codes = exit_codes_of(8, [&] {
    Store store = Store::create_or_open(folder.database());
    for (int run = 0; run < 100; ++run) store.begin(example_run());
    return 0;
  });
  CHECK(codes == std::vector<int>(8, 0));
  Store store = Store::open(folder.database());
  CHECK(store.database().integer("SELECT count(DISTINCT id) FROM runs") == 800);
  CHECK(store.database().integer("SELECT count(*) FROM documents") == 800);
}
