#include "runner/launch/shell_command.hpp"

#include <fmt/ranges.h>

namespace runner {
namespace {

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

}  // namespace runner
