#include "runner/exchange/read_text.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/input_file.hpp"

#include <span>

#include <fmt/format.h>

namespace runner {

std::string read_text(const std::filesystem::path& file) {
  try {
    InputFile in(file);
    std::string text(in.size(), '\0');
    text.resize(in.read(std::as_writable_bytes(std::span(text))).size());
    return text;
  } catch (const std::exception& error) {
    throw UserError(fmt::format("cannot read {}", error.what()));
  }
}

}  // namespace runner
