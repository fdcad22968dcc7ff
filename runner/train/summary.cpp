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

Json summarise_layer(const std::string& name, const torch::nn::Module& layer) {
  std::int64_t parameters = 0, trainable = 0, bytes = 0;
  for (const auto& parameter : layer.parameters()) {
    parameters += parameter.numel();
    bytes += static_cast<std::int64_t>(parameter.nbytes());
    if (parameter.requires_grad()) trainable += parameter.numel();
  }
  return {{"name", name},
          {"type", type_name(layer)},
          {"parameters", parameters},
          {"trainable", trainable},
          {"bytes", bytes}};
}

}  // namespace

Json summarise(const Network& network) {
  auto layers = Json::array();
  for (const auto& child : network.named_modules("", false))
    if (child.value()->children().empty())
      layers.push_back(summarise_layer(child.key(), *child.value()));
  return layers;
}

Json summarise(const std::vector<ParameterGroup>& groups) {
  auto out = Json::array();
  if (groups.size() == 1 && groups.front().match.empty()) return out;
  for (const auto& group : groups)
    out.push_back({{"match", group.match},
                   {"frozen", group.frozen},
                   {"parameters", group.elements},
                   {"optimizer", group.component.at("name")}});
  return out;
}

}  // namespace runner
