#include "registry/kinds.hpp"

#include "registry/datasets/catalog.hpp"
#include "registry/losses/catalog.hpp"
#include "registry/metrics/catalog.hpp"
#include "registry/models/catalog.hpp"
#include "registry/optimizers/catalog.hpp"
#include "registry/precisions/catalog.hpp"
#include "registry/schedulers/catalog.hpp"
#include "registry/topologies/catalog.hpp"

namespace runner {

namespace {

/// An optimizer may be another one for some of the parameters, unless it needs all together.
std::vector<ComponentDescription> with_groups(std::vector<ComponentDescription> optimizers) {
  for (auto& optimizer : optimizers)
    if (!optimizer.updates_all)
      optimizer.fields.push_back(
          {"groups",
           "parameters by the pattern of their names, with their own fields, their own optimizer "
           "(name), or frozen: true; the first that matches counts",
           Type::groups,
           false,
           Json::array(),
           Anything{},
           {}});
  return optimizers;
}

}  // namespace

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {"model", "the network that is trained", "", Models::describe()},
      {"dataset", "the samples to train and to evaluate on", "", Datasets::describe()},
      {"loss", "what training makes small", "", Losses::describe()},
      {"optimizer", "how gradients change the weights", "", with_groups(Optimizers::describe())},
      {"scheduler", "how the learning rate changes", "constant", Schedulers::describe()},
      {"precision", "the number formats of the computation", "fp32", Precisions::describe()},
      {"topology", "the processes and devices of a run", "auto", Topologies::describe()},
      {"metric", "what evaluations measure besides the loss and, of classes, the accuracy", "",
       Metrics::describe(), true},
  };
  return all;
}

const Kind* find_kind(std::string_view name) {
  for (const auto& kind : kinds())
    if (kind.name == name) return &kind;
  return nullptr;
}

const ComponentDescription* Kind::find(std::string_view component) const {
  for (const auto& each : components)
    if (each.name == component) return &each;
  return nullptr;
}

std::vector<std::string> Kind::component_names() const {
  std::vector<std::string> names;
  for (const auto& each : components) names.push_back(each.name);
  return names;
}

}  // namespace runner
