#include "registry/datasets/prepared.hpp"

#include "registry/datasets/input_file.hpp"

#include <algorithm>

namespace runner {

Json to_json(const Prepared& prepared) {
  Json files = Json::object();
  for (const auto& [role, path] : prepared.files) files[role] = path.string();
  return {{"dataset", prepared.dataset},
          {"source", prepared.source},
          {"files", std::move(files)},
          {"contents", prepared.contents}};
}

bool is_as_prepared(const Prepared& prepared) {
  return std::ranges::all_of(prepared.versions, [&](const auto& known) {
    return version_of(prepared.files.at(known.first)) == known.second;
  });
}

}  // namespace runner
