#include "runner/record/describe.hpp"

#include "experiments/json.hpp"
#include "runner/launch/visible_gpus.hpp"
#include "runner/record/git.hpp"
#include "runner/record/surroundings.hpp"

#include <sqlite3.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace runner {
namespace {

std::vector<Setting> settings(const Recipe& recipe) {
  std::vector<Setting> out;
  out.reserve(recipe.origins.size());
  for (const auto& [path, origin] : recipe.origins)
    out.push_back({path, to_value(value_at(recipe.config, path)), origin});
  return out;
}

Json versions() {
  utsname system{};
  uname(&system);
  Json all{{"runner", RUNNER_VERSION},
           {"libtorch", RUNNER_LIBTORCH},
           {"sqlite", sqlite3_libversion()},
           {"compiler", "g++ " __VERSION__},
           {"kernel", system.release}};
  if (const auto driver = driver_version(); !driver.empty()) all["nvidia_driver"] = driver;
  return all;
}

}  // namespace

Run describe_run(const Recipe& recipe, const std::string& command) {
  Run run;
  run.name = recipe.name();
  run.recipe_path = recipe.path;
  run.recipe_text = recipe.text;
  run.config = dumped(recipe.config);
  run.settings = settings(recipe);
  run.command = command;
  run.versions = dumped(versions());
  run.environment = dumped(recorded_environment(environ));
  run.seed = recipe.config.at("seed").get<std::int64_t>();
  if (const auto& git = git_state()) {
    run.git_commit = git->commit;
    run.git_dirty = git->dirty;
    if (git->dirty) run.git_diff = git->diff;
  }
  return run;
}

Run describe_run(const Recipe& recipe, const Prepared& data, const Launch& launch,
                 const std::string& command) {
  auto run = describe_run(recipe, command);
  run.data = dumped(to_json(data));
  run.world_size = launch.world_size;
  run.nodes = launch.nodes;
  run.launcher = launch.launcher;
  run.job_id = launch.job_id;
  return run;
}

}  // namespace runner
