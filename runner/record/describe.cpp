#include "runner/record/describe.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "registry/datasets/digest.hpp"
#include "registry/datasets/stamps.hpp"
#include "runner/launch/visible_gpus.hpp"
#include "runner/recipe/sections.hpp"
#include "runner/record/git.hpp"
#include "runner/record/masked.hpp"
#include "runner/record/surroundings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace runner {
namespace {

std::vector<Setting> settings(const Recipe& recipe) {
  std::vector<Setting> out;
  out.reserve(recipe.origins.size());
  for (const auto& [path, origin] : recipe.origins)
    out.push_back({path, to_value(masked_texts(value_at(recipe.config, path))), masked(origin)});
  return out;
}

constexpr auto weights_role = "init_from.weights";

/// As far as they are recorded; a run of an earlier version says less of them.
Json data_of(const std::string& recorded) {
  Json data{{"dataset", ""}, {"files", Json::object()}, {"contents", Json::object()}};
  if (const auto known = Json::parse(recorded, nullptr, false); known.is_object())
    data.update(known);
  return data;
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
  run.recipe_text = masked(recipe.text);
  run.config = dumped(masked_texts(recipe.config));
  run.settings = settings(recipe);
  run.command = masked_by_names(command);
  run.versions = dumped(versions());
  const auto record = from_json<Record>(recipe.config.value("record", Json::object()));
  if (record.environment) run.environment = dumped(recorded_environment(environ));
  run.seed = recipe.config.at("seed").get<std::int64_t>();
  if (const auto& git = git_state()) {
    run.git_commit = git->commit;
    run.git_dirty = git->dirty;
    if (git->dirty && record.git_diff) run.git_diff = git->diff;
  }
  return run;
}

std::string recorded_data(const Prepared& data, const std::optional<FoundWeights>& weights,
                          const std::optional<EarlierData>& earlier) {
  auto json = to_json(data);
  if (weights && weights->reference.empty()) {
    json["files"][weights_role] = weights->file.string();
    json["contents"][weights_role] = known_content_digest(weights->file);
  } else if (earlier) {
    const auto before = data_of(earlier->data);
    for (const auto* part : {"files", "contents"})
      if (before.at(part).contains(weights_role))
        json[part][weights_role] = before.at(part).at(weights_role);
  }
  return dumped(masked_texts(json));  // a mirror's address may have a password
}

void refuse_other_data(const std::string& data, const EarlierData& earlier) {
  const auto before = data_of(earlier.data), now = data_of(data);
  if (before.at("dataset") != now.at("dataset") && before.at("dataset") != "")
    throw UserError(fmt::format("the data are not those of run {}: they were {}, and are {}",
                                earlier.run, before.at("dataset").get<std::string>(),
                                now.at("dataset").get<std::string>()));
  std::vector<std::string> changes;
  for (const auto& [role, digest] : now.at("contents").items())
    if (const auto found = before.at("contents").find(role);
        found != before.at("contents").end() && *found != digest)
      changes.push_back(fmt::format(
          "{} ({}) has other content, {}", now.at("files").at(role).get<std::string>(), role,
          is_sampled(digest.get<std::string>()) ? "by its size and samples of it"
                                                : "by all of it"));
  if (!changes.empty())
    throw UserError(
        fmt::format("the data are not those of run {}: {}", earlier.run, fmt::join(changes, "; ")));
}

Run describe_run(const Recipe& recipe, const std::string& data, const Launch& launch,
                 const std::string& command) {
  auto run = describe_run(recipe, command);
  run.data = data;
  run.world_size = launch.world_size;
  run.nodes = launch.nodes;
  run.launcher = launch.launcher;
  run.job_id = launch.job_id;
  return run;
}

}  // namespace runner
