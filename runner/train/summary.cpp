#include "runner/train/summary.hpp"

namespace runner {
namespace {

/// "torch::nn::Conv2dImpl" -> "Conv2d".
std::string type_name(const torch::nn::Module& layer) {
  auto name = layer.name();
  name = name.substr(name.rfind(':') + 1);
  if (name.ends_with("Impl")) name.resize(name.size() - 4);
  return name;
}

protocol::ModelLayer summarise_layer(const std::string& name, const torch::nn::Module& layer) {
  protocol::ModelLayer out{name, type_name(layer)};
  for (const auto& parameter : layer.parameters()) {
    out.parameters += parameter.numel();
    out.bytes += static_cast<std::int64_t>(parameter.nbytes());
    if (parameter.requires_grad()) out.trainable += parameter.numel();
  }
  return out;
}

}  // namespace

std::vector<protocol::ModelLayer> summarise(const Network& network) {
  std::vector<protocol::ModelLayer> layers;
  for (const auto& child : network.named_modules("", false))
    if (child.value()->children().empty())
      layers.push_back(summarise_layer(child.key(), *child.value()));
  return layers;
}

std::vector<protocol::Group> summarise(const std::vector<ParameterGroup>& groups) {
  std::vector<protocol::Group> out;
  if (groups.size() == 1 && groups.front().match.empty()) return out;
  for (const auto& group : groups)
    out.push_back({group.match, group.frozen, group.elements, group.component.at("name")});
  return out;
}

}  // namespace runner
