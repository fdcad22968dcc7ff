#include "runner/record/describe.hpp"

#include "runner/record/git.hpp"

#include <sqlite3.h>

namespace runner {
namespace {

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
      return json.dump();
  }
}

std::vector<Setting> settings(const Recipe& recipe) {
  std::vector<Setting> out;
  out.reserve(recipe.origins.size());
  for (const auto& [path, origin] : recipe.origins)
    out.push_back({path, to_value(value_at(recipe.config, path)), origin});
  return out;
}

Json versions() {
  return {{"runner", RUNNER_VERSION},
          {"libtorch", RUNNER_LIBTORCH},
          {"sqlite", sqlite3_libversion()},
          {"compiler", "g++ " __VERSION__}};
}

}  // namespace

Run describe_run(const Recipe& recipe, const std::string& command) {
  Run run;
  run.name = recipe.name();
  run.recipe_path = recipe.path;
  run.recipe_text = recipe.text;
  run.config = recipe.config.dump();
  run.settings = settings(recipe);
  run.command = command;
  run.versions = versions().dump();
  run.seed = recipe.config.at("seed").get<std::int64_t>();
  static const auto git = git_state();  // a sweep describes many runs
  if (git) {
    run.git_commit = git->commit;
    run.git_dirty = git->dirty;
  }
  return run;
}

Run describe_run(const Recipe& recipe, const Prepared& data, const Launch& launch,
                 const std::string& command) {
  auto run = describe_run(recipe, command);
  run.data = to_json(data).dump();
  run.world_size = launch.world_size;
  run.nodes = launch.nodes;
  run.launcher = launch.launcher;
  run.job_id = launch.job_id;
  return run;
}

}  // namespace runner
