#pragma once

#include "registry/data/sample_type.hpp"

#include <string>

namespace runner {

// Why a model cannot have these samples; empty where it can.

/// It works on images [channels, height, width].
std::string unless_images(const SampleType& type);
/// It works on numbers of any shape: images or features.
std::string unless_quantities(const SampleType& type);
/// It works on tokens of a vocabulary.
std::string unless_tokens(const SampleType& type);

}  // namespace runner
