#include "registry/layers/batch_norm.hpp"
#include "registry/layers/dropout.hpp"
#include "registry/layers/mask.hpp"
#include "registry/layers/sample_scope.hpp"
#include "registry/layers/statistics_scope.hpp"
#include "registry/random.hpp"
#include "tests/reference/reference.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace runner;
using reference::distance;
using reference::scatter;
using reference::type_of;

namespace {

constexpr std::uint64_t key = 0x0123456789ABCDEF;

/// 1 where an element of `samples` x `elements` is kept and 0 elsewhere.
at::Tensor kept(std::int64_t samples, std::int64_t elements, double p, std::uint64_t layer = key,
                std::int64_t first = 0) {
  const auto ones = at::ones({samples, elements}, at::kFloat);
  return sample_dropout(ones, p, layer, first).ne(0).to(at::kDouble);
}

/// How many standard deviations the mean of `count` independent numbers of the given variance is
/// from `expected`.
at::Tensor sigmas(const at::Tensor& mean, double expected, double variance, std::int64_t count) {
  return (mean - expected).abs() / std::sqrt(variance / static_cast<double>(count));
}

/// Of the products of neighbours along a dimension.
double correlation_sigmas(const at::Tensor& mask, std::int64_t dim, double p) {
  const auto centred = mask - (1 - p);
  const auto size = mask.size(dim);
  const auto products = centred.slice(dim, 1, size) * centred.slice(dim, 0, size - 1);
  const auto variance = p * (1 - p);
  return sigmas(products.mean(), 0, variance * variance, products.numel()).item<double>();
}

/// Sums tensors over threads that stand for ranks.
class Meeting {
 public:
  explicit Meeting(int size) : size_(size) {}

  void sum(at::Tensor& tensor) {
    std::unique_lock lock(mutex_);
    total_ = come_ == 0 ? tensor.clone() : total_ + tensor;
    const auto meeting = meetings_;
    if (++come_ == size_) {
      come_ = 0;
      ++meetings_;
      result_ = total_;
      all_here_.notify_all();
    }
    all_here_.wait(lock, [&] { return meetings_ != meeting; });
    tensor.copy_(result_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_here_;
  at::Tensor total_, result_;
  int size_, come_ = 0, meetings_ = 0;
};

/// What one batch norm layer computes in two steps.
struct Norm {
  at::Tensor output, input_gradient, weight_gradient, bias_gradient, mean, var;
};

template <class Layer>
Norm train_norm(Layer layer, const at::Tensor& batch, const at::Tensor& gradient) {
  const auto channels = batch.size(1);
  layer->to(batch.scalar_type());
  {
    const at::NoGradGuard no_grad;
    layer->weight.copy_(scatter({channels}, 1) + 2);
    layer->bias.copy_(scatter({channels}, 2));
  }
  at::Tensor input, output;
  for (int step = 0; step < 2; ++step) {
    layer->zero_grad();
    input = (batch + step).detach().requires_grad_();
    output = layer->forward(input);
    output.backward(gradient);
  }
  return {output.detach(),    input.grad(),        layer->weight.grad(),
          layer->bias.grad(), layer->running_mean, layer->running_var};
}

/// The layer on parts of a batch, in as many threads.
std::vector<Norm> train_norm_on_ranks(const std::vector<std::int64_t>& sizes,
                                      const at::Tensor& batch, const at::Tensor& gradient) {
  Meeting meeting(static_cast<int>(sizes.size()));
  std::vector<Norm> norms(sizes.size());
  std::vector<std::thread> threads;
  std::int64_t begin = 0;
  for (std::size_t rank = 0; rank < sizes.size(); ++rank) {
    const auto end = begin + sizes[rank];
    threads.emplace_back([&, rank, begin, end] {
      const StatisticsScope scope([&](at::Tensor& sum) { meeting.sum(sum); });
      norms[rank] = train_norm(BatchNorm(batch.size(1)), batch.slice(0, begin, end),
                               gradient.slice(0, begin, end));
    });
    begin = end;
  }
  for (auto& thread : threads) thread.join();
  return norms;
}

at::Tensor concatenated(const std::vector<Norm>& norms, at::Tensor Norm::*member) {
  std::vector<at::Tensor> parts;
  for (const auto& norm : norms) parts.push_back(norm.*member);
  return at::cat(parts);
}

at::Tensor summed(const std::vector<Norm>& norms, at::Tensor Norm::*member) {
  auto sum = at::zeros_like(norms[0].*member);
  for (const auto& norm : norms) sum += norm.*member;
  return sum;
}

void check_ranks_against_torch(const std::vector<std::int64_t>& sizes, const at::Tensor& batch,
                               double tolerance) {
  const auto gradient = scatter(batch.sizes(), 7, batch.scalar_type());
  const auto norms = train_norm_on_ranks(sizes, batch, gradient);
  const auto channels = batch.size(1);
  const auto whole = batch.dim() == 2
                         ? train_norm(torch::nn::BatchNorm1d(channels), batch, gradient)
                         : train_norm(torch::nn::BatchNorm2d(channels), batch, gradient);
  CHECK(type_of(norms[0].output) == type_of(whole.output));
  CHECK(distance(concatenated(norms, &Norm::output), whole.output) < tolerance);
  CHECK(distance(concatenated(norms, &Norm::input_gradient), whole.input_gradient) < tolerance);
  CHECK(distance(summed(norms, &Norm::weight_gradient), whole.weight_gradient) < tolerance);
  CHECK(distance(summed(norms, &Norm::bias_gradient), whole.bias_gradient) < tolerance);
  for (const auto& norm : norms) {
    CHECK(distance(norm.mean, whole.mean) < tolerance);
    CHECK(distance(norm.var, whole.var) < tolerance);
    CHECK(norm.mean.equal(norms[0].mean));
    CHECK(norm.var.equal(norms[0].var));
  }
}

}  // namespace

TEST_CASE("a sample keeps the same elements however the batch is split") {
  const auto whole = kept(64, 1000, 0.5);
  for (const std::int64_t cut : {1, 2, 17, 32, 63}) {
    CHECK(kept(cut, 1000, 0.5).equal(whole.slice(0, 0, cut)));
    CHECK(kept(64 - cut, 1000, 0.5, key, cut).equal(whole.slice(0, cut, 64)));
  }
}

TEST_CASE("each step, layer and sample has a mask of its own") {
  const auto mask = [](std::uint64_t step, std::uint64_t path, std::int64_t first) {
    const SampleScope scope(step, first);
    return kept(1, 10000, 0.5, scope.layer_key(path, 0), scope.first());
  };
  const std::vector masks{mask(1, 0, 0), mask(2, 0, 0), mask(1, 1, 0), mask(1, 2, 0),
                          mask(1, 0, 1), mask(1, 1, 1), mask(2, 1, 0)};
  for (std::size_t i = 0; i < masks.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      CAPTURE(i);
      CAPTURE(j);
      const auto alike = masks[i].eq(masks[j]).to(at::kDouble).mean();
      CHECK(sigmas(alike, 0.5, 0.25, 10000).item<double>() < 5);
    }
}

TEST_CASE("dropout keeps as many elements as it says, in each row and column") {
  for (const double p : {0.1, 0.25, 0.5, 0.9}) {
    CAPTURE(p);
    const auto mask = kept(1000, 1000, p);
    const auto variance = p * (1 - p);
    CHECK(sigmas(mask.mean(), 1 - p, variance, 1'000'000).item<double>() < 5);
    CHECK(sigmas(mask.mean(0), 1 - p, variance, 1000).max().item<double>() < 5);
    CHECK(sigmas(mask.mean(1), 1 - p, variance, 1000).max().item<double>() < 5);
  }
}

TEST_CASE("neighbours are kept or dropped independently") {
  for (const double p : {0.1, 0.25, 0.5, 0.9}) {
    CAPTURE(p);
    const auto mask = kept(1000, 1000, p);
    CHECK(correlation_sigmas(mask, 0, p) < 5);
    CHECK(correlation_sigmas(mask, 1, p) < 5);
  }
}

TEST_CASE("p = 0 keeps all as it is and p = 1 drops all") {
  const auto input = scatter({8, 100}, 0, at::kFloat).requires_grad_();
  CHECK(sample_dropout(input, 0, key, 0).equal(input));
  const auto none = sample_dropout(input, 1, key, 0);
  CHECK(none.equal(at::zeros_like(input)));
  none.sum().backward();
  CHECK(input.grad().equal(at::zeros_like(input)));
}

TEST_CASE("the memory format does not change the mask") {
  const auto image = scatter({5, 7, 6, 4}, 0) + 2;
  const auto expected = sample_dropout(image, 0.5, key, 3);
  const auto channels_last =
      sample_dropout(image.contiguous(at::MemoryFormat::ChannelsLast), 0.5, key, 3);
  CHECK(channels_last.equal(expected));
  CHECK(channels_last.is_contiguous(at::MemoryFormat::ChannelsLast));
  const auto transposed = image.transpose(1, 3).contiguous().transpose(1, 3);
  CHECK(sample_dropout(transposed, 0.5, key, 3).equal(expected));
  const auto every_second = at::stack({image, image}, 1).flatten(0, 1).slice(0, 0, 10, 2);
  CHECK(sample_dropout(every_second, 0.5, key, 3).equal(expected));
  const auto volume = (scatter({3, 2, 3, 4, 5}, 0) + 2);
  CHECK(sample_dropout(volume.contiguous(at::MemoryFormat::ChannelsLast3d), 0.5, key, 0)
            .equal(sample_dropout(volume, 0.5, key, 0)));
}

TEST_CASE("every number format has the same mask") {
  const auto input = scatter({9, 333}, 0) + 2;
  const auto expected = sample_dropout(input, 0.3, key, 0);
  for (const auto type : {at::kFloat, at::kBFloat16, at::kHalf}) {
    const auto output = sample_dropout(input.to(type), 0.3, key, 0);
    CHECK(type_of(output) == c10::toString(type));
    CHECK(output.ne(0).equal(expected.ne(0)));
    const auto scaled = (input.to(type).to(at::kFloat) * (1 / 0.7)).to(type);
    CHECK(output.equal(scaled.masked_fill(output.eq(0), 0)));
  }
}

TEST_CASE("tensor operations draw the same numbers as the kernel") {
  for (const double p : {1e-4, 0.1, 0.5, 0.999}) {
    const Mask mask{p, key, 12345};
    auto keys = at::empty({2, 5, 1}, at::kInt);
    mask.write_keys(keys);
    for (const auto type : {at::kDouble, at::kFloat, at::kBFloat16}) {
      const auto input = (scatter({5, 4, 30, 20}, 0) + 2).to(type);
      CHECK(Mask::apply_by_operations(input, p, keys).equal(mask.apply(input)));
      const auto channels_last = input.contiguous(at::MemoryFormat::ChannelsLast);
      CHECK(Mask::apply_by_operations(channels_last, p, keys).equal(mask.apply(input)));
    }
  }
}

TEST_CASE("dropout passes numbers that are not finite") {
  const auto input = at::full({4, 100}, NAN, at::kBFloat16);
  const auto output = sample_dropout(input, 0.5, key, 0);
  CHECK(output.isnan().logical_or(output.eq(0)).all().item<bool>());
  CHECK(output.isnan().any().item<bool>());
}

TEST_CASE("an empty batch passes dropout") {
  const auto input = at::empty({0, 4, 5}, at::kFloat).requires_grad_();
  const auto output = sample_dropout(input, 0.5, key, 0);
  CHECK(output.sizes() == input.sizes());
  output.sum().backward();
  CHECK(input.grad().sizes() == input.sizes());
}

TEST_CASE("backward draws the mask again") {
  const auto input = scatter({6, 50}, 0).requires_grad_();
  const auto gradient = scatter({6, 50}, 1);
  sample_dropout(input, 0.25, key, 2).backward(gradient);
  CHECK(distance(input.grad(), gradient * kept(6, 50, 0.25, key, 2) / 0.75) < 1e-15);
}

TEST_CASE("dropout's gradient is the slope of its loss") {
  const auto point = scatter({3, 20}, 0), direction = scatter({3, 20}, 1);
  const auto loss = [](const at::Tensor& x) {
    return sample_dropout(x, 0.4, key, 0).sin().square().sum();
  };
  const auto input = point.clone().requires_grad_();
  loss(input).backward();
  const double step = 1e-6;
  const auto slope = (loss(point + direction * step) - loss(point - direction * step)) / (2 * step);
  CHECK(slope.item<double>() ==
        doctest::Approx((input.grad() * direction).sum().item<double>()).epsilon(1e-8));
}

TEST_CASE("dropout draws from its scope in training and does nothing in evaluation") {
  Dropout first(0.5), second(0.5);
  first->set_path("first");
  second->set_path("second");
  const auto input = at::ones({4, 1000}, at::kFloat);
  at::Tensor one, other;
  {
    const SampleScope scope(key, 10);
    one = first(input);
    other = second(input);
  }
  CHECK_FALSE(one.equal(other));
  {
    const SampleScope scope(key, 12);
    CHECK(first(input.slice(0, 0, 2)).equal(one.slice(0, 2, 4)));
    CHECK(second(input.slice(0, 0, 2)).equal(other.slice(0, 2, 4)));
  }
  CHECK_FALSE(first(input).equal(first(input)));
  first->eval();
  CHECK(first(input).equal(input));
}

TEST_CASE("scopes end with their block, and a thread has its own") {
  CHECK(SampleScope::current() == nullptr);
  CHECK(StatisticsScope::current() == nullptr);
  {
    SampleScope outer(1, 0);
    const StatisticsScope statistics([](at::Tensor&) {});
    {
      SampleScope inner(2, 5);
      CHECK(SampleScope::current() == &inner);
    }
    CHECK(SampleScope::current() == &outer);
    CHECK(StatisticsScope::current() == &statistics);
    bool nothing_there = false;
    std::thread([&] {
      nothing_there = SampleScope::current() == nullptr && StatisticsScope::current() == nullptr;
    }).join();
    CHECK(nothing_there);
  }
  CHECK(SampleScope::current() == nullptr);
  CHECK(StatisticsScope::current() == nullptr);
}

TEST_CASE("dropout refuses what is no probability") {
  CHECK_THROWS_AS(Dropout(1.5), c10::Error);
  CHECK_THROWS_AS(Dropout(-0.1), c10::Error);
}

TEST_CASE("batch norm over ranks gives what torch's gives on the whole batch") {
  const std::vector<std::vector<std::int64_t>> splits{{5, 2}, {1, 6}, {4, 1, 2}, {4, 0, 3}, {0, 7}};
  for (const auto& sizes : splits) {
    CAPTURE(sizes[0]);
    check_ranks_against_torch(sizes, scatter({7, 3}, 5), 1e-10);
    check_ranks_against_torch(sizes, scatter({7, 3, 4, 5}, 5) * 3 + 10, 1e-10);
    check_ranks_against_torch(
        sizes, scatter({7, 3, 4, 5}, 5).contiguous(at::MemoryFormat::ChannelsLast), 1e-10);
    check_ranks_against_torch(sizes, scatter({7, 3, 4, 5}, 5, at::kFloat) + 1, 1e-5);
  }
}

TEST_CASE("batch norm over ranks keeps the digits of a variance beside a large mean") {
  for (const auto& sizes : std::vector<std::vector<std::int64_t>>{{5, 2}, {4, 0, 3}, {0, 7}}) {
    CAPTURE(sizes[0]);
    check_ranks_against_torch(sizes, scatter({7, 3}, 5) + 1e6, 1e-8);
    check_ranks_against_torch(sizes, scatter({7, 3, 4, 5}, 5) - 1e6, 1e-8);
  }
}

TEST_CASE("batch norm over ranks takes bfloat16 with weights in fp32") {
  const auto batch = scatter({6, 3, 4, 5}, 5, at::kBFloat16);
  BatchNorm alone(3), ranks(3);
  const auto expected = alone(batch);
  const StatisticsScope scope([](at::Tensor&) {});
  const auto output = ranks(batch);
  CHECK(type_of(output) == "BFloat16");
  CHECK(distance(output, expected) < 1e-2);
  CHECK(distance(ranks->running_var, alone->running_var) < 1e-5);
  output.square().sum().backward();
  expected.square().sum().backward();
  CHECK(distance(ranks->weight.grad(), alone->weight.grad()) < 1e-2);
}

TEST_CASE("batch norm outside any scope is torch's") {
  const auto batch = scatter({7, 3, 4, 5}, 5), gradient = scatter({7, 3, 4, 5}, 7);
  const auto ours = train_norm(BatchNorm(3), batch, gradient);
  const auto torchs = train_norm(torch::nn::BatchNorm2d(3), batch, gradient);
  CHECK(ours.output.equal(torchs.output));
  CHECK(ours.input_gradient.equal(torchs.input_gradient));
  CHECK(ours.mean.equal(torchs.mean));
  CHECK(ours.var.equal(torchs.var));
}

TEST_CASE("batch norm uses running statistics in evaluation, also inside a scope") {
  BatchNorm layer(3);
  const auto batch = scatter({7, 3}, 5, at::kFloat);
  layer(batch);
  layer->eval();
  const auto expected = (batch - layer->running_mean) / (layer->running_var + 1e-5).sqrt();
  const StatisticsScope scope([](at::Tensor&) { FAIL("evaluation asks no other rank"); });
  CHECK(distance(layer(batch), expected) < 1e-6);
}

TEST_CASE("batch norm names its state as torch's does, and counts batches in integers") {
  BatchNorm ours(3);
  const torch::nn::BatchNorm2d torchs(3);
  ours->to(at::kDouble);
  CHECK(ours->named_parameters().keys() == torchs->named_parameters().keys());
  CHECK(ours->named_buffers().keys() == torchs->named_buffers().keys());
  ours(scatter({7, 3}, 5));
  CHECK(type_of(ours->num_batches_tracked) == "Long");
  CHECK(ours->num_batches_tracked.item<std::int64_t>() == 1);
}

TEST_CASE("batch norm refuses to train on one value per channel") {
  BatchNorm layer(3);
  const auto one = scatter({1, 3}, 5, at::kFloat);
  CHECK_THROWS_AS(layer(one), c10::Error);
  const StatisticsScope scope([](at::Tensor&) {});
  CHECK_THROWS_AS(layer(one), c10::Error);
  CHECK_THROWS_AS(layer(scatter({3}, 5, at::kFloat)), c10::Error);
}
