#pragma once

#include "registry/description.hpp"
#include "registry/field.hpp"

#include <optional>
#include <vector>

namespace runner {

// What a recipe says besides its components, described as components are.

struct General {
  static constexpr auto summary = "the recipe itself";

  std::string name;
  std::int64_t seed = 1;

  static constexpr auto fields() {
    return std::tuple{
        field("name", &General::name, "what the runs are called; without it, the file's name"),
        field("seed", &General::seed,
              "of the weights, the order of the data and every random number", at_least(0)),
    };
  }
};

struct Train {
  static constexpr auto summary = "how long and in what portions";

  std::int64_t batch_size = 64;
  std::int64_t epochs = 1;
  std::optional<std::int64_t> max_steps;
  std::int64_t accumulate = 1;

  static constexpr auto fields() {
    return std::tuple{
        field("batch_size", &Train::batch_size,
              "samples per optimizer step, on any topology (global)", at_least(1)),
        field("epochs", &Train::epochs, "passes over the training samples", at_least(1)),
        field("max_steps", &Train::max_steps, "stop after so many optimizer steps", at_least(1)),
        field("accumulate", &Train::accumulate,
              "parts in which each rank works off its share of the batch, to save memory",
              at_least(1)),
    };
  }
};

struct Eval {
  static constexpr auto summary = "measuring on the evaluation samples";

  std::int64_t batch_size = 1000;
  std::optional<Interval> every = Interval{1, Unit::epochs};

  static constexpr auto fields() {
    return std::tuple{
        field("batch_size", &Eval::batch_size, "samples per evaluation batch", at_least(1)),
        field("every", &Eval::every, "how often; null: only at the end"),
    };
  }
};

struct Log {
  static constexpr auto summary = "recording of training metrics";

  Interval every{10, Unit::steps};

  static constexpr auto fields() {
    return std::tuple{
        field("every", &Log::every,
              "how often train/loss and train/lr are recorded, besides each epoch's end")};
  }
};

/// A section of the recipe; `general` has no key of its own, its fields stand at the top.
struct Section {
  std::string key;
  ComponentDescription description;
};

const std::vector<Section>& sections();

}  // namespace runner
