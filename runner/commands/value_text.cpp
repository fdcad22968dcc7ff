#include "runner/commands/value_text.hpp"

#include <CLI/CLI.hpp>

namespace runner {
namespace {

/// CLI11 writes `TYPE:CHECK`; what the check says is enough, if it names the type or the words.
std::string type_text(const std::string& type) {
  const auto colon = type.find(':');
  if (colon == std::string::npos) return type;
  const auto name = type.substr(0, colon), check = type.substr(colon + 1);
  return check.starts_with('{') || check.starts_with(name + " in") ? check : name;
}

}  // namespace

std::string value_text(const CLI::Option& option) {
  if (option.get_type_size() == 0) return "";
  auto out = type_text(option.get_type_name());
  if (!option.get_default_str().empty()) out += "=" + option.get_default_str();
  if (option.get_expected_max() == CLI::detail::expected_max_vector_size) out += " ...";
  return out.empty() ? "" : " " + out;
}

}  // namespace runner
