#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/holdout.hpp"
#include "registry/datasets/prepared.hpp"
#include "registry/field.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace runner {

struct Tensors {
  static constexpr auto summary = "arrays of your own: .npz, .safetensors, or a .npy file for each";

  std::optional<std::string> file;
  std::string inputs = "inputs";
  std::string targets = "targets";
  std::optional<std::int64_t> classes;
  std::optional<std::int64_t> vocabulary;
  RandomHoldout split;
  Components<"transform"> transforms;

  static constexpr auto fields() {
    return std::tuple{
        field("file", &Tensors::file,
              "the .npz or .safetensors file; null: inputs and targets are .npy files"),
        field(
            "inputs", &Tensors::inputs,
            "the array that the model is given: [samples, ...]; three more extents are an image's"),
        field("targets", &Tensors::targets,
              "the array that is to be told: whole numbers are classes, -100 is not counted"),
        field("classes", &Tensors::classes,
              "how many there are; null: the largest that is there + 1", at_least(1)),
        field("vocabulary", &Tensors::vocabulary,
              "the inputs are tokens below this; null: they are quantities", at_least(1)),
        field("split", &Tensors::split, "which samples are not trained on"),
        field("transforms", &Tensors::transforms, "what is done to the inputs")};
  }
};

/// Images of uint8 become 0 to 1, as torchvision's ToTensor makes them.
Prepared prepare(const Tensors& options, const Preparation& preparation);
SampleType sample_type(const Tensors& options);
Dataset load(const Tensors& options, const Prepared& prepared);

}  // namespace runner
