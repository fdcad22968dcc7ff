#include "runner/record/git.hpp"

#include "runner/launch/output_of.hpp"

namespace runner {
namespace {

std::optional<GitState> ask_git() {
  const auto output = output_of(
      "git rev-parse --verify HEAD 2>/dev/null && git status --porcelain -uno 2>/dev/null");
  const auto end = output.find('\n');
  if (end == std::string::npos) return std::nullopt;
  if (end + 1 == output.size()) return GitState{output.substr(0, end), false, ""};
  return GitState{
      output.substr(0, end), true,
      output_of("git diff HEAD --no-color --no-ext-diff 2>/dev/null | head -c 1000000")};
}

}  // namespace

const std::optional<GitState>& git_state() {
  static const auto state = ask_git();  // a sweep describes many runs
  return state;
}

}  // namespace runner
