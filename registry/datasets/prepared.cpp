#include "registry/datasets/prepared.hpp"

namespace runner {

Json to_json(const Prepared& prepared) {
  Json files = Json::object();
  for (const auto& [role, path] : prepared.files) files[role] = path.string();
  return {{"dataset", prepared.dataset}, {"source", prepared.source}, {"files", std::move(files)}};
}

Prepared prepared_from_json(const Json& json) {
  Prepared prepared{json.at("dataset"), json.at("source"), {}};
  for (const auto& [role, path] : json.at("files").items())
    prepared.files[role] = path.get<std::string>();
  return prepared;
}

}  // namespace runner
