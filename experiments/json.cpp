#include "experiments/json.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace runner {
namespace {

using Json = nlohmann::ordered_json;

struct Converter {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(bool value) const { return value; }
  Json operator()(std::int64_t value) const { return value; }
  Json operator()(double value) const {
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }
  Json operator()(const std::string& value) const {
    if (value == "true") return true;
    if (value == "false") return false;
    return value;
  }
};

}  // namespace

Json to_json(const Value& value) { return std::visit(Converter{}, value); }

Json with_texts(Json document) {
  if (document.is_number_float()) return Converter{}(document.get<double>());
  for (auto& each : document) {
    if (each.is_structured() || each.is_number_float()) each = with_texts(std::move(each));
  }
  return document;
}

std::optional<double> to_number(const Json& json) {
  if (json.is_number()) return json.get<double>();
  for (const double odd : {std::nan(""), HUGE_VAL, -HUGE_VAL})
    if (json == Converter{}(odd)) return odd;
  return std::nullopt;
}

std::string dumped(const Json& json, int indent) {
  return with_texts(json).dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string as_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : dumped(value);
}

Value to_value(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return json.get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return json.get<std::int64_t>();
    case Json::value_t::number_float:
      return json.get<double>();
    case Json::value_t::string:
      return json.get<std::string>();
    case Json::value_t::null:
      return {};
    default:
      return dumped(json);
  }
}

Json to_json_document(const std::string& text) {
  if (text.empty()) return nullptr;
  Json document = Json::parse(text, nullptr, false);
  return document.is_discarded() ? Json(text) : document;
}

}  // namespace runner
