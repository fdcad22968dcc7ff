#include "runner/record/git.hpp"

#include "runner/launch/output_of.hpp"
#include "runner/record/masked.hpp"

#include <array>

#include <fmt/format.h>

namespace runner {
namespace {

/// Files that usually hold secrets, in any folder and however they are capitalised.
constexpr std::array secret_files{
    ".env",        ".env.*",        "*.env",     "*.pem",
    "*.key",       "*.p12",         "*.pfx",     "*.jks",
    "*.keystore",  "*.kdbx",        "id_rsa*",   "id_dsa*",
    "id_ecdsa*",   "id_ed25519*",   ".netrc",    ".pgpass",
    ".npmrc",      ".pypirc",       ".htpasswd", ".git-credentials",
    "credentials", "credentials.*", "secrets.*", "secret.*",
    ".aws/**",     ".ssh/**",       ".kube/**",  ".docker/config.json"};

std::string without_secret_files() {
  std::string words;
  for (const auto* pattern : secret_files)
    words += fmt::format(" ':(top,exclude,glob,icase)**/{}'", pattern);
  return words;
}

std::optional<GitState> ask_git() {
  const auto output = output_of(
      "git rev-parse --verify HEAD 2>/dev/null && git status --porcelain -uno 2>/dev/null");
  const auto end = output.find('\n');
  if (end == std::string::npos) return std::nullopt;
  if (end + 1 == output.size()) return GitState{output.substr(0, end), false, ""};
  return GitState{
      output.substr(0, end), true,
      masked_by_names(output_of("git diff HEAD --no-color --no-ext-diff -- :/" +
                                without_secret_files() + " 2>/dev/null | head -c 1000000"))};
}

}  // namespace

const std::optional<GitState>& git_state() {
  static const auto state = ask_git();  // a sweep describes many runs
  return state;
}

}  // namespace runner
