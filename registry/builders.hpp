#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/description.hpp"
#include "registry/losses/judged_type.hpp"
#include "registry/losses/loss.hpp"
#include "registry/metrics/metric.hpp"
#include "registry/metrics/shape.hpp"
#include "registry/models/network.hpp"
#include "registry/optimizers/optimizer.hpp"
#include "registry/parallel/mesh.hpp"
#include "registry/parallel/strategy.hpp"
#include "registry/precisions/precision.hpp"

#include <memory>
#include <vector>

namespace runner {

// The torch half of the registry: each builds the resolved component {name, field...} of a recipe.

std::shared_ptr<Network> build_model(const Json& component, const SampleType& type);
std::unique_ptr<Loss> build_loss(const Json& component, const JudgedType& judged);
std::unique_ptr<Optimizer> build_optimizer(const Json& component,
                                           std::vector<Parameter> parameters);
std::unique_ptr<Metric> build_metric(const Json& component, const MetricShape& shape);
std::unique_ptr<Precision> build_precision(const Json& component);
/// `network` and `mesh` outlive it.
std::unique_ptr<Strategy> build_strategy(const Json& component, Network& network, const Mesh& mesh);

}  // namespace runner
