#include "experiments/comparison.hpp"

#include "tests/experiments/fixture.hpp"

#include <cmath>
#include <limits>

using namespace runner;

namespace {

/// Two runs with a loss at the steps 1, 2 ...
struct Pair {
  TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  std::string a = store.begin(example_run()), b = store.begin(example_run());

  Parting parting(const std::vector<double>& losses_a, const std::vector<double>& losses_b) {
    record(a, losses_a);
    record(b, losses_b);
    return find_parting(store.database(), a, b, "loss");
  }

 private:
  void record(const std::string& id, const std::vector<double>& losses) {
    Recorder recorder(folder.database(), id);
    std::int64_t step = 0;
    for (const double loss : losses) recorder.record("loss", ++step, 0, loss);
    recorder.finish(Status::done);
  }
};

}  // namespace

TEST_CASE("runs part at the first step with other values, by the largest share of a value") {
  Pair runs;
  const auto found = runs.parting({4, 2, 1, 0.5}, {4, 1.5, 1});
  CHECK(found.common == 3);
  CHECK(found.step == 2);
  CHECK(found.a == 2);
  CHECK(found.b == 1.5);
  CHECK(found.largest == 0.25);
  CHECK(first_step(runs.store.database(), runs.a, "loss") == 1);
  CHECK_FALSE(first_step(runs.store.database(), runs.a, "accuracy"));
}

TEST_CASE("a value that only one run has as NaN or infinite is infinitely far from the other's") {
  const double none = std::nan(""), infinite = std::numeric_limits<double>::infinity();
  for (const double odd : {none, infinite, -infinite}) {
    CAPTURE(odd);
    const auto found = Pair().parting({2, odd}, {2, 1});
    CHECK(found.step == 2);
    CHECK(found.largest == infinite);
    CHECK(Pair().parting({2, 1}, {2, odd}).largest == infinite);
    const auto same = Pair().parting({2, odd}, {2, odd});
    CHECK_FALSE(same.step);
    CHECK(same.largest == 0);
  }
  CHECK(Pair().parting({0}, {0}).largest == 0);
}
