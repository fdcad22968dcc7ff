#include "registry/datasets/datasets.hpp"

#include "registry/datasets/catalog.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

std::string fallback_of(const Json& component) {
  const auto found = component.find("fallback");
  return found != component.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Callers may leave out either callback.
Preparation complete(Preparation preparation) {
  if (!preparation.progress)
    preparation.progress = [](const std::string&, std::int64_t, std::int64_t) {};
  if (!preparation.warn) preparation.warn = [](const std::string&) {};
  return preparation;
}

Prepared prepare_named(const Json& component, const Preparation& preparation) {
  return Datasets::visit<Prepared>(
      component, [&](const auto& options) { return prepare(options, preparation); });
}

Prepared prepare_fallback(const std::string& name, const Preparation& preparation,
                          const Prepare& prepare, const DataUnavailable& first) {
  try {
    return prepare({{"name", name}}, preparation);
  } catch (const DataUnavailable& second) {
    throw DataUnavailable(fmt::format("{}\n\nThe fallback:\n{}", first.what(), second.what()));
  }
}

}  // namespace

Prepared prepare_or_fall_back(const Json& component, const Preparation& preparation,
                              const Prepare& prepare) {
  try {
    return prepare(component, preparation);
  } catch (const DataUnavailable& unavailable) {
    const auto fallback = fallback_of(component);
    if (fallback.empty()) throw;
    auto prepared = prepare_fallback(fallback, preparation, prepare, unavailable);
    preparation.warn(
        fmt::format("THIS RUN USES {0} INSTEAD OF {1}, by the recipe's dataset.fallback: its "
                    "figures are not {1}'s.\n{2}",
                    fallback, component.at("name").get<std::string>(), unavailable.what()));
    return prepared;
  }
}

Prepared prepare_dataset(const Json& component, const Preparation& preparation) {
  return prepare_or_fall_back(component, complete(preparation), prepare_named);
}

Dataset load_dataset(const Json& component, const Prepared& prepared) {
  const bool as_named = component.at("name") == prepared.dataset;
  const Json used = as_named ? component : Json{{"name", prepared.dataset}};
  return Datasets::visit<Dataset>(used,
                                  [&](const auto& options) { return load(options, prepared); });
}

SampleType look_at_dataset(const Json& component) {
  return Datasets::visit<SampleType>(component,
                                     [](const auto& options) { return sample_type(options); });
}

}  // namespace runner
