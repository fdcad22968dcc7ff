#include "runner/record/describe.hpp"

#include "runner/record/git.hpp"

#include <fmt/ranges.h>
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

std::string shell_word(const std::string& word) {
  const auto plain =
      word.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%") ==
      std::string::npos;
  if (plain && !word.empty()) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::string shell_command(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  words.reserve(arguments.size());
  for (const auto& argument : arguments) words.push_back(shell_word(argument));
  return fmt::format("{}", fmt::join(words, " "));
}

Run describe_run(const Recipe& recipe, const Prepared& data, const std::string& command) {
  Run run;
  run.name = recipe.name();
  run.recipe_path = recipe.path;
  run.recipe_text = recipe.text;
  run.config = recipe.config.dump();
  run.settings = settings(recipe);
  run.command = command;
  run.versions = versions().dump();
  run.data = to_json(data).dump();
  run.seed = recipe.config.at("seed").get<std::int64_t>();
  if (const auto git = git_state()) {
    run.git_commit = git->commit;
    run.git_dirty = git->dirty;
  }
  return run;
}

}  // namespace runner
