#include "registry/builders.hpp"
#include "registry/metric_names.hpp"
#include "registry/target.hpp"
#include "tests/reference/reference.hpp"
#include "tests/train/ranks_as_threads.hpp"

#include <cmath>
#include <map>
#include <set>

using namespace runner;
using reference::scatter;

namespace {

const auto output = scatter({40, 4}, 1);
const auto targets = (at::arange(40, at::kLong) * 7).remainder(10).clamp_max(3);

/// Two numbers for each of 40 samples.
const auto numbers = scatter({40, 2}, 2) * 3 + at::tensor({1.0, -20.0}, at::kDouble);
const auto guesses = numbers + scatter({40, 2}, 3);

/// A batch, which metrics only look at here.
const Batch nothing_else(0);

Judged judged(const at::Tensor& found, const at::Tensor& wanted) {
  return {found, wanted, nothing_else};
}

/// A share of the samples, as its component judges them.
void add(Metric& metric, const Json& component, Part part) {
  const bool of_numbers = target_of_metric(component) == Target::numbers;
  metric.add(judged((of_numbers ? guesses : output).slice(0, part.begin, part.end),
                    (of_numbers ? numbers : targets).slice(0, part.begin, part.end)));
}

std::unique_ptr<Metric> build(const Json& component) {
  const bool of_numbers = target_of_metric(component) == Target::numbers;
  return build_metric(component, {of_numbers ? 2 : 4, output.options()});
}

std::map<std::string, double> measured(const Json& component, int batches = 1) {
  const auto metric = build(component);
  for (int i = 0; i < batches; ++i) add(*metric, component, part_of({0, 40}, i, batches));
  const auto values = metric->values(metric->sums());
  return {values.begin(), values.end()};
}

std::int64_t found(std::int64_t sample) { return output[sample].argmax().item<std::int64_t>(); }

/// Right answers, answers and samples of a class, one by one.
struct Counts {
  explicit Counts(std::int64_t of_class) {
    for (std::int64_t i = 0; i < 40; ++i) {
      const auto target = targets[i].item<std::int64_t>();
      right += found(i) == of_class && target == of_class;
      answers += found(i) == of_class;
      samples += target == of_class;
    }
  }
  double right = 0, answers = 0, samples = 0;

  double precision() const { return answers == 0 ? 0 : right / answers; }
  double recall() const { return samples == 0 ? 0 : right / samples; }
  double f1() const { return answers + samples == 0 ? 0 : 2 * right / (answers + samples); }
};

}  // namespace

TEST_CASE("top_k counts samples whose class is among the k likeliest") {
  double second = 0;
  for (std::int64_t i = 0; i < 40; ++i) {
    const auto order = output[i].argsort(-1, true);
    for (int k = 0; k < 2; ++k) second += order[k].equal(targets[i]);
  }
  CHECK(measured({{"name", "top_k"}, {"k", 2}}) ==
        std::map<std::string, double>{{"top_2", second / 40}});
  CHECK(measured({{"name", "top_k"}, {"k", 9}}).at("top_9") == 1);
}

TEST_CASE("perplexity is e to the mean cross entropy") {
  const auto loss = at::cross_entropy_loss(output, targets).exp().item<double>();
  CHECK(measured({{"name", "perplexity"}}).at("perplexity") ==
        doctest::Approx(loss).epsilon(1e-14));
}

TEST_CASE("f1, precision and recall are those counted one by one") {
  double macro = 0, weighted = 0, right = 0;
  const auto values = measured({{"name", "f1"}, {"per_class", true}});
  for (std::int64_t i = 0; i < 4; ++i) {
    const Counts counts(i);
    CHECK(values.at("precision/" + std::to_string(i)) == doctest::Approx(counts.precision()));
    CHECK(values.at("recall/" + std::to_string(i)) == doctest::Approx(counts.recall()));
    CHECK(values.at("f1/" + std::to_string(i)) == doctest::Approx(counts.f1()));
    macro += counts.f1() / 4;
    weighted += counts.f1() * counts.samples / 40;
    right += counts.right;
  }
  CHECK(values.at("f1") == doctest::Approx(macro));
  CHECK(measured({{"name", "f1"}, {"average", "weighted"}}).at("f1") == doctest::Approx(weighted));
  CHECK(measured({{"name", "f1"}, {"average", "micro"}}).at("f1") == doctest::Approx(right / 40));
}

TEST_CASE("f1 leaves out classes that neither occur nor are found, as scikit-learn does") {
  // Class 2 is nowhere; class 3 occurs and is never found.
  const auto truly = at::tensor({0, 0, 1, 1, 3}, at::kLong);
  const auto found = at::tensor({0, 1, 1, 1, 1}, at::kLong);
  const auto of = [&](const Json& component) {
    const auto metric = build_metric(component, {4, output.options()});
    metric->add(judged(at::one_hot(found, 4).to(at::kDouble), truly));
    const auto values = metric->values(metric->sums());
    return std::map<std::string, double>(values.begin(), values.end());
  };
  // precision_recall_fscore_support(truly, found, average="macro") of scikit-learn 1.9.1
  const auto macro = of({{"name", "f1"}, {"per_class", true}});
  CHECK(macro.at("precision") == doctest::Approx(0.5).epsilon(1e-15));
  CHECK(macro.at("recall") == doctest::Approx(0.5).epsilon(1e-15));
  CHECK(macro.at("f1") == doctest::Approx(4.0 / 9).epsilon(1e-15));
  CHECK(macro.at("f1/2") == 0);  // as with labels=range(4)
  const auto weighted = of({{"name", "f1"}, {"average", "weighted"}});
  CHECK(weighted.at("precision") == doctest::Approx(0.6).epsilon(1e-15));
  CHECK(weighted.at("recall") == doctest::Approx(0.6).epsilon(1e-15));
  CHECK(weighted.at("f1") == doctest::Approx(8.0 / 15).epsilon(1e-15));
}

TEST_CASE("mse, mae and r2 are scikit-learn's") {
  const auto error = guesses - numbers;
  CHECK(measured({{"name", "mse"}}).at("mse") ==
        doctest::Approx(error.square().mean().item<double>()).epsilon(1e-14));
  CHECK(measured({{"name", "mae"}}).at("mae") ==
        doctest::Approx(error.abs().mean().item<double>()).epsilon(1e-14));
  const auto spread = (numbers - numbers.mean(0)).square().sum(0);
  const auto wanted = (1 - error.square().sum(0) / spread).mean().item<double>();
  CHECK(measured({{"name", "r2"}}).at("r2") == doctest::Approx(wanted).epsilon(1e-12));
}

TEST_CASE("r2 of targets that are all alike is 1 when they are met and 0 otherwise") {
  const auto r2 = [](const at::Tensor& found, const at::Tensor& wanted) {
    const auto metric = build_metric({{"name", "r2"}}, {1, output.options()});
    metric->add(judged(found, wanted));
    return metric->values(metric->sums()).at(0).second;
  };
  const auto two = at::full({3, 1}, 0.1, at::kDouble);
  CHECK(r2(two, two) == 1);
  CHECK(r2(two + 1, two) == 0);
  CHECK(std::isnan(r2(two.slice(0, 0, 1), two.slice(0, 0, 1))));
}

TEST_CASE("r2 keeps its digits where the targets' mean is large beside their spread") {
  const auto wanted = at::linspace(-0.9, 0.9, 41, at::kDouble).unsqueeze(1);
  const auto found = wanted + 0.1 * scatter({41, 1}, 4);
  // The same numbers, up to the rounding of the sum.
  for (const double mean : {0.0, 1e6, -1e9}) {
    CAPTURE(mean);
    const auto there = wanted + mean;
    const auto spread = (there - there.mean()).square().sum();
    const auto r2 = (1 - (found + mean - there).square().sum() / spread).item<double>();
    CHECK(r2 > 0.9);
    for (const int size : {1, 3}) {
      const auto errors = as_ranks(size, [&](const Ranks& ranks) {
        const auto metric = build_metric({{"name", "r2"}}, {1, output.options()});
        const auto part = ranks.share({0, 41});
        metric->add(judged(found.slice(0, part.begin, part.end) + mean,
                           there.slice(0, part.begin, part.end)));
        metric->add_up(ranks);
        CHECK(metric->values(metric->sums()).at(0).second == doctest::Approx(r2).epsilon(1e-12));
      });
      CHECK(errors == std::vector<std::string>(static_cast<std::size_t>(size)));
    }
  }
}

TEST_CASE("r2 of constant targets is told as such on any number of ranks") {
  const auto wanted = at::full({7, 1}, 0.1, at::kDouble);
  for (const double error : {0.0, 1e-9}) {
    const auto errors = as_ranks(3, [&](const Ranks& ranks) {
      const auto metric = build_metric({{"name", "r2"}}, {1, output.options()});
      const auto part = ranks.share({0, 7});
      for (auto i = part.begin; i < part.end; ++i)
        metric->add(judged(wanted.slice(0, i, i + 1) + error, wanted.slice(0, i, i + 1)));
      metric->add_up(ranks);
      CHECK(metric->values(metric->sums()).at(0).second == (error == 0 ? 1 : 0));
    });
    CHECK(errors == std::vector<std::string>(3));
  }
}

TEST_CASE("a confusion matrix counts pairs of true and found class, once over all ranks") {
  const auto shape = MetricShape{4, output.options()};
  auto wanted = at::zeros({4, 4}, at::kLong);
  for (std::int64_t i = 0; i < 40; ++i) wanted[targets[i].item<std::int64_t>()][found(i)] += 1;
  const auto errors = as_ranks(3, [&](const Ranks& ranks) {
    const auto metric = build_metric({{"name", "confusion_matrix"}}, shape);
    const auto part = ranks.share({0, 40});
    metric->add(
        judged(output.slice(0, part.begin, part.end), targets.slice(0, part.begin, part.end)));
    metric->add_up(ranks);
    const auto matrices = metric->matrices(metric->sums());
    CHECK(matrices.size() == 1);
    CHECK(matrices[0].first == "confusion_matrix");
    CHECK(matrices[0].second.equal(wanted));
    CHECK(metric->values(metric->sums()).empty());
  });
  CHECK(errors == std::vector<std::string>(3));
}

TEST_CASE("a metric's numbers are called what its description says") {
  for (const Json& component :
       {Json{{"name", "top_k"}, {"k", 3}}, Json{{"name", "f1"}}, Json{{"name", "perplexity"}},
        Json{{"name", "confusion_matrix"}}, Json{{"name", "mse"}}, Json{{"name", "mae"}},
        Json{{"name", "r2"}}, Json{{"name", "f1"}, {"per_class", true}}}) {
    CAPTURE(component.dump());
    std::set<std::string> names;
    for (const auto& [name, value] : measured(component)) {
      const auto slash = name.find('/');
      names.insert(slash == std::string::npos ? name : name.substr(0, slash) + "/N");
    }
    const auto described = names_of_metric(component);
    CHECK(names == std::set<std::string>(described.begin(), described.end()));
  }
}

TEST_CASE("metrics are the same in any number of batches, and over ranks") {
  for (const Json& component : {Json{{"name", "top_k"}, {"k", 2}}, Json{{"name", "perplexity"}},
                                Json{{"name", "f1"}, {"per_class", true}}, Json{{"name", "mse"}},
                                Json{{"name", "mae"}}, Json{{"name", "r2"}}}) {
    CAPTURE(component.dump());
    const auto whole = measured(component);
    for (const auto& [name, value] : measured(component, 7))
      CHECK(value == doctest::Approx(whole.at(name)).epsilon(1e-7));
    const auto errors = as_ranks(3, [&](const Ranks& ranks) {
      const auto metric = build(component);
      add(*metric, component, ranks.share({0, 40}));
      metric->add_up(ranks);
      for (const auto& [name, value] : metric->values(metric->sums()))
        CHECK(value == doctest::Approx(whole.at(name)).epsilon(1e-7));
    });
    CHECK(errors == std::vector<std::string>(3));
  }
}
