#include "runner/complete/complete.hpp"

#include "runner/complete/recipe_paths.hpp"
#include "runner/complete/recipe_words.hpp"
#include "runner/complete/store_words.hpp"
#include "runner/complete/typed.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner::complete {
namespace {

Candidates both(Candidates one, const Candidates& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

/// Hidden ones have no group.
Candidates commands(const CLI::App& app) {
  Candidates out;
  for (const auto* each : app.get_subcommands({}))
    if (!each->get_group().empty()) out.push_back({each->get_name(), each->get_description()});
  return out;
}

Candidates option_names(const Typed& typed) {
  Candidates out;
  for (const auto* option : typed.command->get_options()) {
    if (option->get_positional() || option->get_group().empty()) continue;
    const bool given = std::ranges::find(typed.options, option) != typed.options.end();
    if (given && option->get_items_expected_max() < CLI::detail::expected_max_vector_size) continue;
    for (const auto& name : option->get_lnames())
      out.push_back({"--" + name, option->get_description()});
  }
  return out;
}

/// Of an option that takes one of some words: CLI11 has them as `{a,b}` in the name of its type.
Candidates words_of(const CLI::Option& option) {
  const auto type = option.get_type_name();
  const auto begin = type.find('{'), end = type.find('}');
  Candidates out;
  if (begin == std::string::npos || end == std::string::npos) return out;
  std::istringstream words(type.substr(begin + 1, end - begin - 1));
  for (std::string word; std::getline(words, word, ',');) out.push_back({word, ""});
  return out;
}

/// The same list with what stands before the last comma, or a minus, put before each.
Candidates listed(const Candidates& all, const std::string& current) {
  const auto comma = current.rfind(',');
  auto before = comma == std::string::npos ? "" : current.substr(0, comma + 1);
  if (const auto rest = current.substr(before.size());
      rest.starts_with('-') || rest.starts_with('+'))
    before += rest.front();
  Candidates out;
  for (const auto& [text, about] : all) out.push_back({before + text, about});
  return out;
}

Json config_for(const Typed& typed) {
  if (typed.given.empty()) return Json::object();
  if (typed.command->get_name() != "resume") {
    auto overrides = typed.given;
    std::erase_if(overrides, [](const auto& word) { return word.find('=') == std::string::npos; });
    return config_of_recipe(typed.given.front(), overrides);
  }
  const auto config = config_of(typed.database, typed.given.front());
  return config.empty() ? Json::object() : Json::parse(config);
}

Answer of_plot(const Typed& typed) {
  const bool schedule = std::ranges::any_of(
      typed.options, [](const auto* option) { return option->check_name("--schedule"); });
  if (!schedule) return {both(runs(typed.database), sweeps(typed.database))};
  if (typed.given.empty()) return {recipes(typed.current)};
  return {overrides(config_for(typed), typed.current)};
}

/// Of `runner help`.
Candidates topics(const Typed& typed) {
  const auto* command = typed.command->get_parent();
  for (const auto& word : typed.given)
    if (command) command = find_subcommand(*command, word);
  Candidates out;
  if (command) out = commands(*command);
  if (typed.given.empty()) {
    out.insert(out.begin(), {"recipe", "how a recipe is made"});
    return both(out, kinds_and_sections());
  }
  return command || typed.given.size() > 1 ? out : components_or_fields(typed.given.front());
}

/// By what the option is called; all options that take the same are called the same.
Answer value_of(const CLI::Option& option, const Typed& typed) {
  if (auto words = words_of(option); !words.empty()) return {std::move(words)};
  const auto is = [&](std::initializer_list<const char*> names) {
    return std::ranges::any_of(names, [&](const char* name) { return option.check_name(name); });
  };
  const auto command = typed.command->get_name();
  if (is({"WHAT"})) return of_plot(typed);
  if (is({"RUN"}) && command == "gate") return {both(runs(typed.database), sweeps(typed.database))};
  if (is({"RUN"})) return {runs(typed.database)};
  if (is({"--baseline"})) return {both(runs(typed.database), sweeps(typed.database))};
  if (is({"A", "B"}) && (command == "why" || command == "bisect")) return {runs(typed.database)};
  if (is({"A", "B"})) return {both(recipes(typed.current), runs(typed.database))};
  if (is({"SWEEP"})) return {sweeps(typed.database)};
  if (is({"--add", "--remove"})) return {listed(tags(typed.database), typed.current)};
  if (is({"recipe", "recipes"})) return {recipes(typed.current)};
  if (is({"overrides"})) return {overrides(config_for(typed), typed.current)};
  if (is({"topic"})) return {kinds_and_sections()};
  if (is({"name"}) && !typed.given.empty()) return {components_or_fields(typed.given.front())};
  if (is({"TOPIC"})) return {topics(typed)};
  if (is({"--metric"})) return {listed(metrics(typed.database), typed.current)};
  if (is({"--columns", "--sort", "--group-by"}))
    return {listed(names(typed.database), typed.current)};
  if (is({"--where"})) return {names(typed.database)};
  // Those of merge and import, which have no name of a type.
  const bool is_file = option.get_positional() && is({"FILE", "PATH"});
  return {{}, is_file || option.get_type_name() == "FILE"};
}

Answer all(const CLI::App& root, const std::vector<std::string>& words) {
  const auto typed = read_words(root, words);
  if (typed.names_option) return {option_names(typed)};
  Answer answer;
  if (typed.option) answer = value_of(*typed.option, typed);
  if (typed.given.empty() && (!typed.option || typed.option->get_positional()))
    answer.candidates = both(commands(*typed.command), answer.candidates);
  for (auto& candidate : answer.candidates) candidate.text = typed.before + candidate.text;
  return answer;
}

}  // namespace

Answer complete(const CLI::App& root, const std::vector<std::string>& words) {
  auto answer = all(root, words);
  const auto begin = words.empty() ? "" : words.back();
  std::set<std::string> seen;
  std::erase_if(answer.candidates, [&](const Candidate& candidate) {
    return !candidate.text.starts_with(begin) || !seen.insert(candidate.text).second;
  });
  return answer;
}

std::string to_lines(const Answer& answer) {
  std::string out;
  for (const auto& [text, about] : answer.candidates)
    out += about.empty() ? text + "\n" : fmt::format("{}\t{}\n", text, about);
  return out + (answer.files ? ":files\n" : "");
}

}  // namespace runner::complete
