#pragma once

#include "experiments/value.hpp"

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace runner {

/// JSON has no NaN and no infinities: they become the texts `NaN`, `Infinity` and `-Infinity`.
nlohmann::ordered_json to_json(const Value& value);

/// A document in which NaN and infinities are these texts.
nlohmann::ordered_json with_texts(nlohmann::ordered_json document);

/// The other way: a number, also one that is such a text; empty for anything else.
std::optional<double> to_number(const nlohmann::ordered_json& json);

/// Its text, in one line or indented, with_texts(); bytes that are no UTF-8 become U+FFFD.
std::string dumped(const nlohmann::ordered_json& json, int indent = -1);

/// A value as it is read: a text without quotes, anything else as JSON.
std::string as_text(const nlohmann::ordered_json& value);

/// The other way: an array or an object is its JSON text.
Value to_value(const nlohmann::ordered_json& json);

/// A stored document; where it is not valid JSON, its text, and null for an empty one.
nlohmann::ordered_json to_json_document(const std::string& text);

}  // namespace runner
