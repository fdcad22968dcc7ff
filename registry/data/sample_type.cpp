#include "registry/data/sample_type.hpp"

#include "registry/counted.hpp"
#include "registry/data/array.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

constexpr std::array<std::string_view, 7> meanings{"image",   "tokens", "features", "classes",
                                                   "numbers", "mask",   "id"};

std::string_view name_of(Meaning meaning) { return meanings.at(static_cast<std::size_t>(meaning)); }

Meaning meaning_named(const std::string& name) {
  const auto found = std::ranges::find(meanings, name);
  if (found == meanings.end()) throw std::runtime_error("no meaning of a field is called " + name);
  return static_cast<Meaning>(found - meanings.begin());
}

Json to_json(const FieldType& field) {
  return {{"name", field.name},      {"meaning", name_of(field.meaning)},
          {"count", field.count},    {"dtype", name_of(field.dtype)},
          {"shape", field.shape},    {"names", field.names},
          {"ignores", field.ignores}};
}

FieldType field_from_json(const Json& json) {
  const auto dtype = dtype_named(json.at("dtype").get<std::string>());
  return {json.at("name"),   meaning_named(json.at("meaning")),
          dtype.value(),     json.at("shape"),
          json.at("count"),  json.at("names"),
          json.at("ignores")};
}

std::string lengths_of(const FieldType& field) {
  if (field.is_ragged()) return "any number of";
  return fmt::format("{}", elements_of(field.shape));
}

}  // namespace

const FieldType* SampleType::input() const {
  const auto found = std::ranges::find_if(fields, [](const FieldType& field) {
    return field.meaning == Meaning::image || field.meaning == Meaning::tokens ||
           field.meaning == Meaning::features;
  });
  return found == fields.end() ? nullptr : &*found;
}

const FieldType* SampleType::target() const {
  const auto found = std::ranges::find_if(fields, &FieldType::is_target);
  return found == fields.end() ? nullptr : &*found;
}

const FieldType* SampleType::find(std::string_view field) const {
  const auto found = std::ranges::find(fields, field, &FieldType::name);
  return found == fields.end() ? nullptr : &*found;
}

std::int64_t SampleType::outputs() const {
  const auto* told = target();
  if (!told) return 0;
  return told->meaning == Meaning::classes ? told->count : elements_of(told->shape);
}

Json to_json(const SampleType& type) {
  Json fields = Json::array(), splits = Json::array();
  for (const auto& field : type.fields) fields.push_back(to_json(field));
  for (const auto& split : type.splits)
    splits.push_back({{"name", split.name}, {"samples", split.samples}});
  return {{"fields", std::move(fields)}, {"splits", std::move(splits)}};
}

SampleType sample_type_from_json(const Json& json) {
  SampleType type;
  for (const auto& field : json.at("fields")) type.fields.push_back(field_from_json(field));
  for (const auto& split : json.at("splits"))
    type.splits.push_back({split.at("name"), split.at("samples")});
  return type;
}

std::string describe(const FieldType& field) {
  switch (field.meaning) {
    case Meaning::image:
      return fmt::format("images [{}]", fmt::join(field.shape, ", "));
    case Meaning::tokens:
      return fmt::format("{} tokens of {}", lengths_of(field), field.count);
    case Meaning::features:
      return field.shape.size() > 1 ? fmt::format("features [{}]", fmt::join(field.shape, ", "))
                                    : counted(elements_of(field.shape), "feature");
    case Meaning::classes:
      return field.shape.empty() ? counted(field.count, "class")
                                 : fmt::format("{} of {} classes", lengths_of(field), field.count);
    case Meaning::numbers:
      return counted(elements_of(field.shape), "number");
    case Meaning::mask:
      return "a mask";
    case Meaning::id:
      return "an id";
  }
  return "";
}

}  // namespace runner
