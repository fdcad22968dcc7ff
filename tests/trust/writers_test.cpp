#include "tests/experiments/fixture.hpp"

#include <cstdlib>

using namespace runner;

namespace {

constexpr std::size_t writers = 16;
constexpr std::int64_t metrics = 4, steps_of_short_form = 10'000;

/// $RUNNER_TRUST_TRIES times as many in the long form: 10^8 points with 160.
std::int64_t steps() {
  const char* tries = std::getenv("RUNNER_TRUST_TRIES");
  return steps_of_short_form * (tries ? std::atoll(tries) : 1);
}

int write_a_run(const std::filesystem::path& database) {
  Store store = Store::create_or_open(database);
  Recorder recorder(database, store.begin(example_run()));
  for (std::int64_t step = 1; step <= steps(); ++step)
    for (const char* metric : {"train/loss", "train/lr", "train/norm", "system/cpu"})
      recorder.record(metric, step, 0.5, static_cast<double>(step));
  recorder.finish(Status::done);
  return 0;
}

}  // namespace

TEST_CASE("16 writers into one database lose no point") {
  const TemporaryFolder folder;
  const auto codes = exit_codes_of(writers, [&] { return write_a_run(folder.database()); });
  CHECK(codes == std::vector<int>(writers, 0));
  const Store store = Store::open(folder.database());
  const auto& database = store.database();
  const auto all = static_cast<std::int64_t>(writers) * metrics * steps();
  CHECK(database.integer("SELECT count(*) FROM points") == all);
  CHECK(database.integer("SELECT sum(count) FROM series") == all);
  CHECK(database.integer("SELECT count(*) FROM points WHERE value <> step") == 0);
  CHECK(database.integer("SELECT count(*) FROM runs WHERE status = 'done'") == writers);
  CHECK(database.integer(
            "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") == 1);
}
