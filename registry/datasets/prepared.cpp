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

Json to_job(const Prepared& prepared) {
  auto job = to_json(prepared);
  job["versions"] = prepared.versions;
  return job;
}

Prepared prepared_from_job(const Json& job) {
  Prepared prepared{job.at("dataset"), job.at("source"), {}};
  for (const auto& [role, path] : job.at("files").items())
    prepared.files[role] = path.get<std::string>();
  for (const auto& [role, digest] : job.at("contents").items())
    prepared.contents[role] = digest.get<std::string>();
  for (const auto& [role, version] : job.at("versions").items())
    prepared.versions[role] = version.get<std::string>();
  return prepared;
}

bool is_as_prepared(const Prepared& prepared) {
  return std::ranges::all_of(prepared.versions, [&](const auto& known) {
    return version_of(prepared.files.at(known.first)) == known.second;
  });
}

}  // namespace runner
