#include "registry/kinds.hpp"

#include <utility>

namespace runner {
namespace {

const std::vector<Kind>* replacement = nullptr;

}  // namespace

const std::vector<Kind>& kinds() {
  if (replacement) return *replacement;
  static const auto all = [] {
    std::vector<Kind> list;
    for (const auto kind : {model_kind, dataset_kind, loss_kind, optimizer_kind, scheduler_kind,
                            precision_kind, topology_kind, metric_kind, transform_kind})
      list.push_back(kind());
    return list;
  }();
  return all;
}

ReplacedKinds::ReplacedKinds(std::vector<Kind> kinds)
    : kinds_(std::move(kinds)), before_(std::exchange(replacement, &kinds_)) {}

ReplacedKinds::~ReplacedKinds() { replacement = before_; }

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
