#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/field.hpp"
#include "registry/models/input_fit.hpp"

#include <memory>

namespace runner {

struct Network;

/// A table [vocabulary, vocabulary]: the logits of the next token, by the last one alone.
struct Bigram {
  static constexpr auto summary = "the next token by the last one alone: a table of logits";
  static constexpr auto gives = "logits";
  static constexpr std::int64_t class_axis = -1;
  static constexpr bool per_position = true;

  static constexpr auto fields() { return std::tuple{}; }

  std::string misfit(const SampleType& type) const { return unless_tokens(type); }
};

/// [N, T] tokens -> [N, T, classes].
std::shared_ptr<Network> build(const Bigram& options, const SampleType& type);

}  // namespace runner
