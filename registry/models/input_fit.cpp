#include "registry/models/input_fit.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

std::string but_there_are(std::string_view wanted, const SampleType& type) {
  const auto* input = type.input();
  return fmt::format("needs {}, but the data are {}", wanted,
                     input ? describe(*input) : "targets alone");
}

bool is_image(const SampleType& type) {
  const auto* input = type.input();
  return input && input->meaning != Meaning::tokens && input->shape.size() == 3;
}

}  // namespace

std::string unless_images(const SampleType& type) {
  return is_image(type) ? "" : but_there_are("images [channels, height, width]", type);
}

std::string unless_quantities(const SampleType& type) {
  const auto* input = type.input();
  const bool fits = input && input->meaning != Meaning::tokens && !input->is_ragged();
  return fits ? "" : but_there_are("images or features", type);
}

std::string unless_tokens(const SampleType& type) {
  const auto* input = type.input();
  return input && input->meaning == Meaning::tokens ? "" : but_there_are("tokens", type);
}

}  // namespace runner
