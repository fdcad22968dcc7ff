#pragma once

#include "registry/components.hpp"
#include "registry/data/dtype.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// What the numbers of a field are.
enum class Meaning {
  image,     ///< [channels, height, width]
  tokens,    ///< numbers of a vocabulary
  features,  ///< what a sample is known by, each on its own scale
  classes,   ///< to be told: one of so many
  numbers,   ///< to be told: so many numbers
  mask,      ///< which elements of another field count
  id,        ///< which sample it is
};

/// The extent of a field that differs from sample to sample: always its first.
constexpr std::int64_t ragged = -1;

/// A class of a target that is not counted, as PyTorch has it.
constexpr std::int64_t ignored_class = -100;

/// A named part of a sample.
struct FieldType {
  std::string name;
  Meaning meaning = Meaning::features;
  DType dtype = DType::float32;
  std::vector<std::int64_t> shape;   ///< of one sample; empty: a scalar
  std::int64_t count = 0;            ///< of tokens: in the vocabulary; of classes: how many
  std::vector<std::string> names{};  ///< of classes, features or numbers, where they have some
  bool ignores = false;              ///< of classes: some samples have `ignored_class`

  bool is_target() const { return meaning == Meaning::classes || meaning == Meaning::numbers; }
  bool is_ragged() const { return !shape.empty() && shape.front() == ragged; }

  bool operator==(const FieldType&) const = default;
};

/// A part of the samples: those to train on, or some to evaluate on.
struct SplitSize {
  std::string name;  ///< "train"; "eval", or "validation" and "test"
  std::int64_t samples = 0;

  bool operator==(const SplitSize&) const = default;
};

/// What the samples of a dataset are, and how many there are.
struct SampleType {
  std::vector<FieldType> fields;
  std::vector<SplitSize> splits;  ///< "train" first

  /// What a model is given: the first field that is no target, mask or id. Null when there is none.
  const FieldType* input() const;
  /// What is to be told; null for samples without.
  const FieldType* target() const;
  const FieldType* find(std::string_view field) const;

  /// How many numbers a model gives for each thing that is told: classes, or numbers. 0 without a
  /// target.
  std::int64_t outputs() const;
  std::int64_t training_samples() const { return splits.empty() ? 0 : splits.front().samples; }

  bool operator==(const SampleType&) const = default;
};

Json to_json(const SampleType& type);
SampleType sample_type_from_json(const Json& json);

/// "images [1, 28, 28]", "128 tokens of 256", "4 features".
std::string describe(const FieldType& field);

}  // namespace runner
