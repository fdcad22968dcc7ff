#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace runner::complete {

/// What has been typed behind `runner`, as the tree of commands takes it.
struct Typed {
  const CLI::App* command = nullptr;
  const CLI::Option* option = nullptr;  ///< whose value comes next; null: none's
  std::vector<std::string> given = {};  ///< to the command, in place of its names without dashes
  std::vector<const CLI::Option*> options = {};  ///< given before
  std::optional<std::filesystem::path> database = {};
  std::string current = {};   ///< what there is of the value
  std::string before = {};    ///< what of the word stands before it: `--metric=`
  bool names_option = false;  ///< what comes next begins with a dash
};

/// Null when there is none of that name.
const CLI::App* find_subcommand(const CLI::App& app, const std::string& name);

/// The last word is the one that is being typed, and may be empty.
Typed read_words(const CLI::App& root, const std::vector<std::string>& words);

}  // namespace runner::complete
