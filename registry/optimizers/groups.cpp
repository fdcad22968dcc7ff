#include "registry/optimizers/groups.hpp"

#include "registry/builders.hpp"
#include "registry/field_error.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

namespace runner {
namespace {

/// The optimizer of a group: its own, or the recipe's with the group's fields in place.
ParameterGroup make_group(const Json& component, const Json& group) {
  ParameterGroup out;
  out.match = group.at("match");
  out.frozen = group.value("frozen", false);
  const bool has_own = group.contains("name") && group.at("name") != component.at("name");
  out.component = has_own ? Json::object() : component;
  out.component.erase("groups");
  for (const auto& [key, value] : group.items())
    if (key != "match" && key != "frozen") out.component[key] = value;
  return out;
}

void refuse_idle_patterns(const std::vector<ParameterGroup>& groups, const Network& network) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto& group = groups[i];
    if (!group.names.empty() || group.match.empty()) continue;
    throw FieldError(fmt::format("optimizer.groups[{}].match", i),
                     fmt::format("'{}' matches no parameter that is left; there are {}",
                                 group.match, fmt::join(network.named_parameters().keys(), ", ")));
  }
}

}  // namespace

std::vector<ParameterGroup> group_parameters(const Json& component, const Network& network) {
  std::vector<ParameterGroup> groups;
  if (const auto given = component.find("groups"); given != component.end())
    for (const auto& group : *given) groups.push_back(make_group(component, group));
  groups.push_back({"", component, false, {}, 0});
  for (const auto& parameter : network.named_parameters()) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& each) {
      return each.match.empty() || fnmatch(each.match.c_str(), parameter.key().c_str(), 0) == 0;
    });
    group->names.push_back(parameter.key());
    group->elements += parameter.value().numel();
  }
  refuse_idle_patterns(groups, network);
  if (groups.back().names.empty()) groups.pop_back();
  return groups;
}

void freeze(const std::vector<ParameterGroup>& groups, Network& network) {
  auto parameters = network.named_parameters();
  for (const auto& group : groups)
    if (group.frozen)
      for (const auto& name : group.names) parameters[name].requires_grad_(false);
}

GroupedOptimizer::GroupedOptimizer(const std::vector<ParameterGroup>& groups,
                                   const std::vector<Parameter>& own) {
  for (const auto& group : groups) {
    if (group.frozen) continue;
    std::vector<Parameter> parameters;
    for (const auto& parameter : own)
      if (std::find(group.names.begin(), group.names.end(), parameter.name) != group.names.end())
        parameters.push_back(parameter);
    optimizers_.push_back(build_optimizer(group.component, std::move(parameters)));
    if (group.match.empty()) base_lr_ = optimizers_.back()->base_lr();
  }
  if (optimizers_.empty())
    throw FieldError("optimizer.groups", "every parameter is frozen; there is nothing to train");
  if (!groups.back().match.empty()) base_lr_ = optimizers_.front()->base_lr();
}

void GroupedOptimizer::step(const Rate& rate, const Optimizer::Closure& again) {
  for (const auto& optimizer : optimizers_) optimizer->step(rate(optimizer->base_lr()), again);
}

bool GroupedOptimizer::can_be_captured() const {
  return std::all_of(optimizers_.begin(), optimizers_.end(),
                     [](const auto& optimizer) { return optimizer->can_be_captured(); });
}

void GroupedOptimizer::repeat(const Rate& rate) {
  for (const auto& optimizer : optimizers_) optimizer->repeat(rate(optimizer->base_lr()));
}

void GroupedOptimizer::visit_state(StateVisitor& visitor) {
  for (const auto& optimizer : optimizers_) optimizer->visit_state(visitor);
}

}  // namespace runner
