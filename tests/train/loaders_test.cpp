#include "registry/batch/loader.hpp"
#include "registry/data/permutation.hpp"
#include "registry/random.hpp"
#include "tests/reference/reference.hpp"
#include "tests/train/samples.hpp"

#include <cstring>

using namespace runner;
using reference::distance;
using reference::type_of;

namespace {

using enum LoaderOptions::Residence;

constexpr double mean = 0.1307, std_deviation = 0.3081;

std::unique_ptr<Loader> loader_of(const Dataset& dataset,
                                  LoaderOptions::Residence residence = automatic,
                                  at::ScalarType type = at::kFloat) {
  return make_loader(dataset, dataset.splits.front(), {at::kCPU, type, residence});
}

at::Tensor expected_inputs(const Samples& samples, std::int64_t index) {
  const auto raw = samples.pixels[index].to(at::kDouble);
  return (raw / 255 - mean) / std_deviation;
}

Batch take(Loader& loader, const at::Tensor& rows) {
  return loader.take(rows.numel(), [&](at::Tensor& numbers) { numbers.copy_(rows); });
}

/// Rows of different lengths: row i has the tokens i, i + 1 ... of a length of its own.
class Ragged : public SampleSource {
 public:
  std::int64_t size() const override { return 50; }
  std::int64_t length(std::size_t, std::int64_t row) const override { return row * 7 % 11; }
  void read(std::size_t field, std::span<const std::int64_t> rows, std::byte* out,
            std::size_t stride) const override {
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::int64_t j = 0; j < (field == 0 ? length(field, rows[i]) : 1); ++j) {
        const auto value = static_cast<std::int32_t>(rows[i] + j);
        std::memcpy(out + i * stride + static_cast<std::size_t>(j) * sizeof value, &value,
                    sizeof value);
      }
  }
};

}  // namespace

TEST_CASE("batches follow the permutation and keep the smaller last one") {
  const Samples samples(103);
  for (const auto residence : {resident, streamed}) {
    const auto loader = loader_of(samples.dataset(mean, std_deviation), residence);
    const Permutation order(5, loader->samples());
    std::int64_t position = 0;
    for (const std::int64_t size : {32, 32, 32, 7}) {
      auto rows = at::empty({size}, at::kLong);
      for (std::int64_t i = 0; i < size; ++i) rows[i] = order[position + i];
      const auto batch = take(*loader, rows);
      REQUIRE(batch.rows() == size);
      CHECK(batch.at("input").sizes().vec() == std::vector<std::int64_t>{size, 1, 6, 6});
      for (std::int64_t i = 0; i < size; ++i, ++position) {
        CHECK(distance(batch.at("input")[i], expected_inputs(samples, order[position])) < 1e-6);
        CHECK(batch.at("class")[i].equal(samples.labels[order[position]].to(at::kLong)));
      }
    }
    CHECK(position == loader->samples());
  }
}

TEST_CASE("resident and streamed rows make the same batches, bit for bit, expected or not") {
  const auto numbers = reference::scatter({64, 5, 3}, 1);
  const auto classes = (at::arange(64, at::kLong) * 7).remainder(10);
  std::vector<Dataset> datasets{Samples(64).dataset(mean, std_deviation)};
  for (const auto type : {at::kByte, at::kFloat, at::kDouble, at::kShort})
    datasets.push_back(
        dataset_of((numbers * 100).to(at::kShort).to(type), classes, Meaning::features));
  datasets.push_back(dataset_of((numbers * 100).abs().to(at::kByte), classes, Meaning::tokens));
  datasets[1].transforms = {{{"name", "normalise"}, {"mean", {1, 2, 3, 4, 5}}, {"std", {2.5}}}};
  for (auto& dataset : datasets)
    for (const auto type : {at::kFloat, at::kDouble, at::kBFloat16}) {
      const auto there = loader_of(dataset, resident, type);
      const auto read = loader_of(dataset, streamed, type);
      CHECK_FALSE(there->reads_ahead());
      CHECK(read->reads_ahead());
      const auto first = at::tensor({3, 60, 3, 0, 17}, at::kLong), second = at::arange(20, 40);
      read->expect(first);
      read->expect(second);
      for (const auto& rows : {first, second, at::arange(5, at::kLong)})
        for (const auto* field : {"input", "class"})
          CHECK(take(*there, rows).at(field).equal(take(*read, rows).at(field)));
      CHECK(there->slice({8, 40}).at("input").equal(read->slice({8, 40}).at("input")));
      CHECK(there->targets(first).equal(read->targets(first)));
    }
}

TEST_CASE("what is expected and does not come is passed over") {
  const auto loader = loader_of(Samples(64).dataset(mean, std_deviation), streamed);
  for (std::int64_t i = 0; i < 8; ++i) loader->expect(at::arange(i, i + 4, at::kLong));
  CHECK(take(*loader, at::arange(6, 10, at::kLong))
            .at("class")
            .equal(Samples(64).labels.slice(0, 6, 10).to(at::kLong)));
  CHECK(take(*loader, at::arange(2, 6, at::kLong))
            .at("class")
            .equal(Samples(64).labels.slice(0, 2, 6).to(at::kLong)));
}

TEST_CASE("rows of different lengths are filled up with zeros, and their lengths are told") {
  const Dataset dataset{{{{"tokens", Meaning::tokens, DType::int32, {ragged}, 100},
                          {"class", Meaning::classes, DType::int32, {}, 100}},
                         {{"train", 50}}},
                        {{"train", std::make_shared<Ragged>()}}};
  const auto loader = loader_of(dataset);
  CHECK(loader->reads_ahead());
  const auto batch = take(*loader, at::tensor({1, 0, 3}, at::kLong));  // of 7, 0 and 10 tokens
  CHECK(batch.at("tokens").equal(at::tensor({1, 2, 3, 4, 5, 6, 7, 0,  0,  0,  //
                                             0, 0, 0, 0, 0, 0, 0, 0,  0,  0,  //
                                             3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
                                            at::kLong)
                                     .view({3, 10})));
  CHECK(batch.at("tokens_lengths").equal(at::tensor({7, 0, 10}, at::kLong)));
  CHECK(batch.at("class").equal(at::tensor({1, 0, 3}, at::kLong)));
  CHECK(batch.find("class_lengths") == nullptr);
}

TEST_CASE("a slice holds the samples as they are stored") {
  const Samples samples(10);
  const auto batch = loader_of(samples.dataset(mean, std_deviation))->slice({4, 7});
  CHECK(batch.rows() == 3);
  CHECK(type_of(batch.at("class")) == "Long");
  for (std::int64_t i = 0; i < 3; ++i)
    CHECK(distance(batch.at("input")[i], expected_inputs(samples, 4 + i)) < 1e-6);
}

TEST_CASE("every grey level becomes (x / 255 - mean) / std") {
  const auto levels = at::arange(256, at::kByte).view({256, 1});
  auto dataset = dataset_of(levels, at::zeros({256}, at::kByte));
  dataset.transforms = normalised(mean, std_deviation);
  const auto batch = loader_of(dataset)->slice({0, 256});
  const auto exact = (levels.to(at::kDouble) / 255 - mean) / std_deviation;
  CHECK(type_of(batch.at("input")) == "Float");
  CHECK((batch.at("input") - exact).abs().max().item<double>() < 1e-6);
}

TEST_CASE("channels and features are normalised each with numbers of their own") {
  const auto images = reference::scatter({8, 3, 4, 4}, 0, at::kFloat);
  auto dataset = dataset_of(images, at::arange(8, at::kLong));
  dataset.transforms = {{{"name", "normalise"}, {"mean", {0.1, 0.2, 0.3}}, {"std", {1, 2, 4}}}};
  const auto means = at::tensor({0.1, 0.2, 0.3}, at::kDouble), stds = at::tensor({1.0, 2.0, 4.0});
  for (const auto type : {at::kFloat, at::kDouble})
    CHECK(distance(loader_of(dataset, resident, type)->slice({0, 8}).at("input"),
                   (images - means.view({3, 1, 1})) / stds.view({3, 1, 1})) < 1e-6);
  const auto features = reference::scatter({8, 3}, 0, at::kFloat);
  auto table = dataset_of(features, at::arange(8, at::kLong), Meaning::features);
  table.transforms = dataset.transforms;
  for (const auto type : {at::kFloat, at::kDouble})
    CHECK(distance(loader_of(table, resident, type)->slice({0, 8}).at("input"),
                   (features - means) / stds) < 1e-6);
}

TEST_CASE("floating-point inputs are normalised without the division by 255") {
  const auto inputs = reference::scatter({8, 3}, 0, at::kFloat);
  auto dataset = dataset_of(inputs, at::arange(8, at::kLong));
  dataset.transforms = normalised(0.5, 2.0);
  const auto batch = loader_of(dataset)->slice({0, 8});
  CHECK(distance(batch.at("input"), (inputs.to(at::kDouble) - 0.5) / 2.0) < 1e-6);
}

TEST_CASE("making batches leaves the stored samples as they are") {
  const Samples samples(10);
  const auto before = samples.pixels.clone();
  const auto loader = loader_of(samples.dataset(mean, std_deviation));
  loader->slice({0, 10});
  take(*loader, at::arange(10, at::kLong));
  CHECK(samples.pixels.equal(before));
  const auto inputs = reference::scatter({4, 3}, 0, at::kFloat);
  auto dataset = dataset_of(inputs, at::arange(4, at::kLong));
  dataset.transforms = normalised(0.5, 2.0);
  loader_of(dataset)->slice({0, 4});
  CHECK(inputs.equal(reference::scatter({4, 3}, 0, at::kFloat)));
}

TEST_CASE("random rows of a joined, cut and chosen source are those of its arrays") {
  const auto numbers = reference::scatter({90, 3}, 0, at::kFloat);
  const auto part = [&](std::int64_t begin, std::int64_t end) {
    return std::make_shared<ArraySource>(
        std::vector<Array>{array(numbers.slice(0, begin, end)),
                           array(at::arange(begin, end, at::kLong).remainder(10))});
  };
  const std::shared_ptr<const SampleSource> joined = std::make_shared<JoinedSource>(
      std::vector<std::shared_ptr<const SampleSource>>{part(0, 20), part(20, 21), part(21, 90)});
  CHECK(joined->size() == 90);
  const auto cut = rows_between(joined, 10, 80);
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < 40; ++i)
    chosen.push_back(static_cast<std::int64_t>(derive(7, i) % 70));
  const std::shared_ptr<const SampleSource> some = std::make_shared<ChosenRows>(cut, chosen);
  const Dataset dataset{dataset_of(numbers, at::zeros({90}, at::kLong)).type, {{"train", some}}};
  for (const auto residence : {resident, streamed}) {
    const auto loader = loader_of(dataset, residence);
    REQUIRE(loader->samples() == 40);
    const auto batch = loader->slice({0, 40});
    for (std::int64_t i = 0; i < 40; ++i)
      CHECK(batch.at("input")[i].equal(numbers[10 + chosen[static_cast<std::size_t>(i)]]));
  }
}
