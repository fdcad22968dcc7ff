#include "runner/terminal/parameter_bands.hpp"

#include "runner/terminal/letters.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::size_t most_values = 12;
constexpr int most_label = 14;

}  // namespace

ParameterBands::ParameterBands(std::span<const SweepTrial> trials, std::string path, int parts)
    : axis_(trials, std::move(path)),
      has_parts_(axis_.scale() && axis_.values().size() > most_values) {
  const auto count = has_parts_ ? static_cast<std::size_t>(parts) : axis_.values().size();
  for (std::size_t i = 0; i < count; ++i)
    labels_.push_back(without_end(label(i, count), most_label));
}

std::string ParameterBands::label(std::size_t i, std::size_t count) const {
  if (!has_parts_) return value_label(axis_.values()[i]);
  const double place = static_cast<double>(i) / static_cast<double>(count);
  return fmt::format("≥{:.2g}", axis_.scale()->value_at(place));
}

int ParameterBands::widest_label() const {
  int width = 0;
  for (const auto& label : labels_) width = std::max(width, display_width(label));
  return width;
}

std::optional<std::size_t> ParameterBands::band(const SweepTrial& trial) const {
  const auto level = axis_.level(trial);
  if (!level || !has_parts_) return level;
  const auto parts = static_cast<double>(labels_.size());
  return static_cast<std::size_t>(std::clamp(axis_.place(*level) * parts, 0.0, parts - 1));
}

}  // namespace runner
