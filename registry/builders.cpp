#include "registry/builders.hpp"

#include "registry/losses/catalog.hpp"
#include "registry/metrics/catalog.hpp"
#include "registry/models/catalog.hpp"
#include "registry/optimizers/catalog.hpp"
#include "registry/parallel/alone.hpp"
#include "registry/precisions/catalog.hpp"
#include "registry/topologies/catalog.hpp"

namespace runner {
namespace {

std::unique_ptr<Strategy> build(const Single&, Network& network, const Ranks&) {
  return train_alone(network);
}

std::unique_ptr<Strategy> build(const Auto&, Network& network, const Ranks& ranks) {
  return build(Ddp{}, network, ranks);
}

}  // namespace

std::shared_ptr<Network> build_model(const Json& component, const DataShape& shape) {
  return Models::visit<std::shared_ptr<Network>>(
      component, [&](const auto& options) { return build(options, shape); });
}

std::unique_ptr<Loss> build_loss(const Json& component, const DataShape& shape) {
  return Losses::visit<std::unique_ptr<Loss>>(
      component, [&](const auto& options) { return build(options, shape); });
}

std::unique_ptr<Optimizer> build_optimizer(const Json& component,
                                           std::vector<Parameter> parameters) {
  return Optimizers::visit<std::unique_ptr<Optimizer>>(
      component, [&](const auto& options) { return build(options, std::move(parameters)); });
}

std::unique_ptr<Metric> build_metric(const Json& component, const MetricShape& shape) {
  return Metrics::visit<std::unique_ptr<Metric>>(
      component, [&](const auto& options) { return build(options, shape); });
}

std::unique_ptr<Precision> build_precision(const Json& component) {
  return Precisions::visit<std::unique_ptr<Precision>>(
      component, [](const auto& options) { return build(options); });
}

std::unique_ptr<Strategy> build_strategy(const Json& component, Network& network,
                                         const Ranks& ranks) {
  if (ranks.alone()) return train_alone(network);
  return Topologies::visit<std::unique_ptr<Strategy>>(
      component, [&](const auto& options) { return build(options, network, ranks); });
}

}  // namespace runner
