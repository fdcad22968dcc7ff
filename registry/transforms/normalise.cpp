#include "registry/transforms/normalise.hpp"

#include "registry/counted.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

std::int64_t channels_of(const FieldType& field) {
  return field.shape.empty() ? 1 : field.shape.front();
}

}  // namespace

std::string Normalise::conflict() const {
  if (mean.empty() || std.empty()) return "mean and std are not given";
  if (mean.size() > 1 && std.size() > 1 && mean.size() != std.size())
    return fmt::format("mean has {} and std {}", counted(std::ssize(mean), "number"),
                       std::ssize(std));
  return "";
}

std::string Normalise::misfit(const FieldType& field) const {
  if (field.meaning == Meaning::tokens) return "tokens are no quantities, and are not normalised";
  const auto given = std::max(std::ssize(mean), std::ssize(std));
  if (given == 1 || given == channels_of(field)) return "";
  return fmt::format("it has numbers for {}, but the data are {}",
                     counted(given, field.meaning == Meaning::image ? "channel" : "feature"),
                     describe(field));
}

}  // namespace runner
