#include "registry/builders.hpp"
#include "registry/parallel/gather_rows.hpp"
#include "tests/reference/reference.hpp"
#include "tests/train/ranks_as_threads.hpp"

using namespace runner;
using reference::distance;
using reference::scatter;

// A loss that spans the batch: it compares each of its rows with all others, wherever they are.

namespace {

constexpr std::int64_t rows = 12;

/// For each row i of this rank, how likely its partner i ^ 1 is among all other rows of the batch.
class Contrastive : public Loss {
 public:
  explicit Contrastive(const Ranks& ranks) : ranks_(ranks) {}

  at::Tensor sum(const Output& output, const Batch& batch) const override {
    const auto& own = batch.at("id");
    const auto all = gather_rows(ranks_, output.tensor);
    const auto mine = at::arange(all.size(0), at::kLong).eq(own.unsqueeze(1));
    const auto logits = output.tensor.matmul(all.t()).masked_fill(mine, -INFINITY);
    return at::cross_entropy_loss(logits, own.bitwise_xor(1), {}, at::Reduction::Sum);
  }

 private:
  const Ranks& ranks_;
};

struct Step {
  double loss = 0;
  std::vector<at::Tensor> gradients;
};

Step step_of(const Ranks& ranks, const Json& topology) {
  auto network = build_model({{"name", "mlp"}, {"hidden", {16}}}, reference::images({1, 6, 6}, 5));
  network->to(at::kDouble);
  reference::set_weights(*network);
  const Mesh mesh(ranks);
  const auto strategy = build_strategy(topology, *network, mesh);
  const Contrastive loss(mesh.data());
  const auto part = mesh.data().share({0, rows});
  auto batch = reference::batch_of(scatter({rows, 1, 6, 6}, 0).slice(0, part.begin, part.end));
  batch.add("id", at::arange(part.begin, part.end, at::kLong));
  network->zero_grad();
  strategy->begin_step({});
  strategy->backward(loss.sum(strategy->forward(batch), batch), rows, true);
  Step step{strategy->loss_sum().item<double>(), {}};
  for (const auto& parameter : network->parameters())
    step.gradients.push_back(parameter.grad().clone());
  return step;
}

}  // namespace

TEST_CASE("a loss that spans the batch is the same on one, two and three ranks") {
  const auto alone = step_of({}, {{"name", "single"}});
  for (const int size : {1, 2, 3}) {
    CAPTURE(size);
    const auto errors = as_ranks(size, [&](const Ranks& ranks) {
      const auto step = step_of(ranks, {{"name", "ddp"}});
      CHECK(step.loss == doctest::Approx(alone.loss).epsilon(1e-12));
      for (std::size_t i = 0; i < alone.gradients.size(); ++i)
        CHECK(distance(step.gradients[i], alone.gradients[i]) < 1e-12);
    });
    CHECK(errors == std::vector<std::string>(static_cast<std::size_t>(size)));
  }
}

TEST_CASE("rows of all ranks are gathered in their order, however many each has") {
  const auto errors = as_ranks(3, [](const Ranks& ranks) {
    const auto mine = at::full({2 * ranks.rank(), 2}, ranks.rank() + 0.5, at::kDouble);
    const auto all = gather_rows(ranks, mine);
    CHECK(all.equal(
        at::tensor({1.5, 1.5, 1.5, 1.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5}, at::kDouble)
            .view({6, 2})));
  });
  CHECK(errors == std::vector<std::string>(3));
}

TEST_CASE("a metric of gathered rows is the same on any number of ranks") {
  const auto found = scatter({41, 2}, 1), wanted = scatter({41, 2}, 2);
  const auto exact = (found - wanted).abs().quantile(0.5, 0).mean().item<double>();
  const auto measure = [&](const Ranks& ranks) {
    const auto metric = build_metric({{"name", "median_absolute_error"}}, {2, found.options()});
    const Batch nothing_else(0);
    const auto part = ranks.share({0, 41});
    for (auto i = part.begin; i < part.end; i += 3) {
      const auto end = std::min(i + 3, part.end);
      metric->add({found.slice(0, i, end), wanted.slice(0, i, end), nothing_else});
    }
    metric->add_up(ranks);
    CHECK(metric->values(metric->sums()).at(0).second == doctest::Approx(exact).epsilon(1e-14));
  };
  measure({});
  for (const int size : {2, 3})
    CHECK(as_ranks(size, measure) == std::vector<std::string>(static_cast<std::size_t>(size)));
}
