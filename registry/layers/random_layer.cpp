#include "registry/layers/random_layer.hpp"

#include "registry/random.hpp"

#include <algorithm>
#include <set>

namespace runner {

void RandomLayer::set_path(std::string_view path) { path_key_ = key_of(path); }

std::uint64_t RandomLayer::path_key() const {
  TORCH_CHECK(path_key_, "a random layer has no path: it is to be registered in its module");
  return *path_key_;
}

void set_paths(torch::nn::Module& network) {
  std::set<const RandomLayer*> named;
  for (const auto& module : network.named_modules("", false))
    if (auto* layer = dynamic_cast<RandomLayer*>(module.value().get());
        layer && named.insert(layer).second)
      layer->set_path(module.key());
}

bool has_random_layers(const torch::nn::Module& network) {
  return std::ranges::any_of(network.modules(false), [](const auto& module) {
    const auto* layer = dynamic_cast<const RandomLayer*>(module.get());
    return layer && layer->draws();
  });
}

}  // namespace runner
