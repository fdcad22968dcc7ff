#include "runner/doctor/check.hpp"
#include "runner/doctor/read.hpp"
#include "runner/launch/output_of.hpp"

#include <array>

#include <fmt/format.h>

namespace runner::doctor {
namespace {

namespace fs = std::filesystem;

std::string version_by(const std::string& command) {
  return first_line_of(output_of(command + " 2>/dev/null"));
}

Check git() {
  const auto version = version_by("git --version");
  if (!version.empty()) return {"programs", "git", Health::ok, version};
  return {"programs", "git", Health::warning, "not here: runs do not record a commit",
          "apt-get install git"};
}

Check mpi() {
  const auto version = version_by("mpirun --version");
  return {"programs", "mpirun", Health::ok,
          version.empty() ? "not here; only mpirun runner run needs it" : version};
}

Check converter() {
  const auto version = version_by("rsvg-convert --version");
  if (!version.empty()) return {"programs", "rsvg-convert", Health::ok, version};
  return {"programs", "rsvg-convert", Health::warning,
          "not here: runner plot --out writes no PNG and no PDF", "apt-get install librsvg2-bin"};
}

struct Shell {
  std::string_view name, file;
};

/// Where a shell looks for completions of a command, below a prefix's share.
constexpr std::array shells{Shell{"bash", "bash-completion/completions/runner"},
                            Shell{"zsh", "zsh/site-functions/_runner"},
                            Shell{"fish", "fish/vendor_completions.d/runner.fish"}};

bool is_installed(const Shell& shell, const Place& place) {
  std::vector<fs::path> prefixes{
      "/usr/share", "/usr/local/share",
      fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "share"};
  if (const auto home = place.environment("HOME"))
    prefixes.push_back(fs::path(*home) / ".local/share");
  for (const auto& prefix : prefixes)
    if (fs::exists(prefix / shell.file)) return true;
  return false;
}

/// Of the shell that is used.
Checks completions(const Place& place) {
  const auto used = fs::path(place.environment("SHELL").value_or("")).filename().string();
  for (const auto& shell : shells) {
    if (shell.name != used) continue;
    if (is_installed(shell, place))
      return {{"programs", "completion", Health::ok, "installed for " + used}};
    return {{"programs", "completion", Health::warning, "not installed for " + used,
             used == "zsh" ? "eval \"$(runner completion zsh)\"    (in ~/.zshrc), or ./dev install"
             : used == "fish"
                 ? "runner completion fish | source    (in config.fish), or ./dev install"
                 : "eval \"$(runner completion bash)\"    (in ~/.bashrc), or ./dev install"}};
  }
  return {};
}

}  // namespace

Checks check_programs(const Place& place) {
  Checks checks{git(), mpi(), converter()};
  for (auto& check : completions(place)) checks.push_back(std::move(check));
  return checks;
}

}  // namespace runner::doctor
