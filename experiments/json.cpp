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

std::string dumped(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
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
