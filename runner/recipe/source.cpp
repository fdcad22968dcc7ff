#include "runner/recipe/source.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::size_t largest_recipe = 1 << 20;  // bytes

}  // namespace

std::string describe(const Place& place) {
  if (!place.source) return "default";
  if (place.source->is_argument) return "argument " + place.source->name;
  return fmt::format("{}:{}:{}", place.source->name, place.line, place.column);
}

std::shared_ptr<const Source> read_source(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw std::runtime_error("it is a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(std::strerror(errno));
  std::string text(largest_recipe + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > largest_recipe)
    throw std::runtime_error("it is larger than 1 MiB, which no recipe is");
  return std::make_shared<Source>(Source{path, std::move(text), false});
}

}  // namespace runner
