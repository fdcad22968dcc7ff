#include "runner/exchange/hparams_file.hpp"

#include "experiments/error.hpp"
#include "runner/recipe/scalar.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace runner {
namespace {

constexpr int deepest = 64;  // an alias may lead back to what it is in

Json to_json(const YAML::Node& node, int depth = 0) {
  if (depth > deepest) throw UserError("its values are nested too deeply");
  if (node.IsScalar()) {
    const auto scalar = read_scalar(node.Scalar());
    return node.Tag() == "!" || !scalar.problem.empty() ? Json(node.Scalar()) : scalar.value;
  }
  if (node.IsSequence()) {
    auto list = Json::array();
    for (const auto& item : node) list.push_back(to_json(item, depth + 1));
    return list;
  }
  if (!node.IsMap()) return nullptr;
  auto object = Json::object();
  for (const auto& entry : node) {
    const auto key = entry.first.IsScalar() ? entry.first.Scalar() : YAML::Dump(entry.first);
    object[key] = to_json(entry.second, depth + 1);
  }
  return object;
}

}  // namespace

Json read_hparams(const std::filesystem::path& file) try {
  auto value = to_json(YAML::LoadFile(file.string()));
  if (value.is_null()) return Json::object();
  return value.is_object() ? value : Json{{"hparams", value}};
} catch (const std::exception& error) {
  throw UserError(fmt::format("cannot read {}: {}", file.string(), error.what()));
}

}  // namespace runner
