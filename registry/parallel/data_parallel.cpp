#include "registry/parallel/data_parallel.hpp"

#include "registry/layers/statistics_scope.hpp"
#include "registry/parallel/gradient_sum.hpp"

#include <sstream>
#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/engine.h>

namespace runner {
namespace {

/// A static graph's first step learns which gradients come, and sums them when backward has ended.
struct DelayFirstSum : torch::autograd::Function<DelayFirstSum> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& loss,
                            std::int64_t reducer) {
    context->saved_data["reducer"] = reducer;
    return loss.clone();
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): saved_data carries no other kind of address.
    auto* reducer = reinterpret_cast<c10d::Reducer*>(context->saved_data["reducer"].toInt());
    torch::autograd::Engine::get_default_engine().queue_callback(
        [reducer] { reducer->delay_all_reduce(); });
    return {gradients[0], at::Tensor()};
  }
};

/// One line for each parameter: "fc1.weight [128, 9216] Float".
std::string describe(const Network& network) {
  std::string text;
  for (const auto& parameter : network.named_parameters())
    text += fmt::format("{} [{}] {}\n", parameter.key(), fmt::join(parameter.value().sizes(), ", "),
                        c10::toString(parameter.value().scalar_type()));
  return text;
}

void refuse_another_model(const Network& network, const Ranks& ranks) {
  const auto mine = describe(network);
  const auto first = ranks.first_of("parameters", mine);
  if (mine == first) return;
  std::istringstream my_lines(mine), first_lines(first);
  std::string my_line = "nothing more", first_line = "nothing more";
  while (true) {
    if (!std::getline(my_lines, my_line)) my_line = "nothing more";
    if (!std::getline(first_lines, first_line)) first_line = "nothing more";
    if (my_line != first_line) break;
  }
  throw std::runtime_error(
      fmt::format("the model is not the same on all ranks: rank {} has {} where rank 0 has {}",
                  ranks.rank(), my_line, first_line));
}

}  // namespace

DataParallel::DataParallel(const DataParallelOptions& options, Network& network, const Ranks& ranks)
    : Strategy(network), options_(options), ranks_(ranks), buffers_(network.buffers()) {
  refuse_another_model(network, ranks);
  for (const auto& parameter : parameters()) tensors_.push_back(parameter.tensor);
  {
    const at::NoGradGuard no_grad;
    ranks_.take_from_first(network.parameters());
    ranks_.take_from_first(buffers_);
  }
  // Compressed gradients travel in few digits; the loss, of another type, in a bucket of its own.
  const auto type = options_.compression == "none" ? tensors_.at(0).scalar_type() : at::kDouble;
  tally_ = at::zeros({3}, tensors_.at(0).options().dtype(type)).requires_grad_();
  make_reducer();
  if (options_.sync_batchnorm)
    statistics_ = std::make_unique<StatisticsScope>([this](at::Tensor& sum) { ranks_.sum(sum); });
}

DataParallel::~DataParallel() = default;

void DataParallel::make_reducer() {
  auto tensors = tensors_;
  tensors.push_back(tally_);
  // As in torch.nn.parallel.DistributedDataParallel: a small first bucket, so that the network is
  // busy soon; and in reverse, since backward begins with the last layers.
  constexpr std::int64_t first_bucket_bytes = 1 << 20;
  const auto bucket_bytes = static_cast<std::int64_t>(options_.bucket_mb * (1 << 20));
  auto buckets = std::get<0>(c10d::compute_bucket_assignment_by_size(
      tensors, {static_cast<std::size_t>(std::min(first_bucket_bytes, bucket_bytes)),
                static_cast<std::size_t>(bucket_bytes)}));
  std::reverse(buckets.begin(), buckets.end());
  std::unordered_map<std::size_t, std::string> names;
  for (std::size_t i = 0; i < parameters().size(); ++i) names[i] = parameters()[i].name;
  names[parameters().size()] = "the loss";
  constexpr bool skip_unused = false, python_reducer = false;
  reducer_ = std::make_unique<c10d::Reducer>(
      tensors, std::move(buckets), ranks_.group(), std::vector<bool>(tensors.size(), false),
      bucket_bytes, options_.find_unused_parameters, options_.gradient_as_bucket_view,
      std::move(names), std::min(first_bucket_bytes, bucket_bytes), skip_unused, python_reducer,
      std::vector<std::int64_t>{});
  reducer_->register_comm_hook(gradient_sum(ranks_, options_.compression));
  if (options_.static_graph) reducer_->set_static_graph();
}

void DataParallel::begin_step(const Wishes& wishes) {
  wishes_ = wishes;
  tally_.mutable_grad().reset();
  // After the first step, in the order in which gradients came.
  reducer_->rebuild_buckets();
}

Wishes DataParallel::agreed() const {
  const auto totals = totals_.cpu();
  return {totals[1].item<double>() > 0, totals[2].item<double>()};
}

void DataParallel::backward(const at::Tensor& loss_sum, double divisor, bool last) {
  const auto loss = loss_sum.detach().to(tally_.scalar_type());
  const auto number = [&](double value) { return at::full_like(loss, last ? value : 0); };
  const auto told = at::stack(
      {loss, number(wishes_.stop ? 1 : 0), number(ranks_.rank() == 0 ? wishes_.seconds : 0)});
  auto total = loss_sum / divisor + (tally_ * told).sum();
  if (last) {
    if (options_.static_graph && first_step_)
      total = DelayFirstSum::apply(total, reinterpret_cast<std::int64_t>(reducer_.get()));
    reducer_->prepare_for_backward(options_.find_unused_parameters ? std::vector{total}
                                                                   : std::vector<at::Tensor>{});
  }
  if (!last && options_.static_graph) return add_gradients(total);
  total.backward();
  if (!last) return;
  if (!options_.find_unused_parameters && !options_.static_graph) refuse_unused_parameters();
  totals_ = tally_.grad().detach().clone();
  first_step_ = false;
}

/// Past the Reducer's hooks: of a static graph it expects as many calls in each step as in the
/// first, and would count those of every micro-batch.
void DataParallel::add_gradients(const at::Tensor& loss) {
  auto inputs = tensors_;
  inputs.push_back(tally_);
  constexpr bool create_graph = false, allow_unused = true;
  const auto gradients =
      torch::autograd::grad({loss}, inputs, {}, std::nullopt, create_graph, allow_unused);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!gradients[i].defined()) continue;
    auto& sum = inputs[i].mutable_grad();
    sum = sum.defined() ? sum + gradients[i] : gradients[i];
  }
}

void DataParallel::refuse_unused_parameters() const {
  std::vector<std::string> unused;
  for (const auto& parameter : parameters())
    if (!parameter.tensor.grad().defined()) unused.push_back(parameter.name);
  if (unused.empty()) return;
  throw std::runtime_error(
      fmt::format("the loss does not depend on {}: set topology.find_unused_parameters to true, or "
                  "take {} out of the model",
                  fmt::join(unused, ", "), unused.size() == 1 ? "it" : "them"));
}

void DataParallel::agree_on_buffers() {
  if (options_.sync_batchnorm) return;  // they are the same already
  const at::NoGradGuard no_grad;
  ranks_.take_from_first(buffers_);
}

}  // namespace runner
