#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <torch/nn/module.h>

namespace runner {

/// How random layers find their numbers: 1 was by the order of their calls, 2 is by their paths.
/// Whoever changes what a seed draws raises it.
constexpr int random_scheme = 2;

/// A layer that draws random numbers in training. Its path in the model names its stream, so that
/// calls of other layers change nothing in it.
class RandomLayer {
 public:
  RandomLayer() = default;
  virtual ~RandomLayer() = default;

  /// Its path, as named_modules() has it: "layers.2".
  void set_path(std::string_view path);
  /// Whether it ever draws, such as with a probability that is not 0.
  virtual bool draws() const = 0;

 protected:
  RandomLayer(const RandomLayer&) = default;
  RandomLayer& operator=(const RandomLayer&) = default;

  /// Throws c10::Error where it has no path: it was not registered as a part of the model.
  std::uint64_t path_key() const;

 private:
  std::optional<std::uint64_t> path_key_;
};

/// Tells the random layers of a network that has been built their paths. One that is registered
/// under several has the first.
void set_paths(torch::nn::Module& network);

/// Whether any layer of it draws in training.
bool has_random_layers(const torch::nn::Module& network);

}  // namespace runner
