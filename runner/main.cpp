#include "experiments/better.hpp"
#include "experiments/error.hpp"
#include "experiments/nearest.hpp"
#include "experiments/say.hpp"
#include "registry/datasets/fail.hpp"
#include "registry/goal.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/help_format.hpp"
#include "runner/commands/unknown_option.hpp"
#include "runner/complete/complete.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/recipe/problems.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

namespace {

constexpr int failed = 1;
constexpr int users_mistake = 2;

/// Whether a person has started this process, whatever a launcher has left in the environment.
bool started_by_a_shell() {
  std::ifstream file(fmt::format("/proc/{}/comm", getppid()));
  std::string name;
  std::getline(file, name);
  constexpr std::array shells{"bash", "dash", "sh", "zsh", "fish", "ksh", "tcsh", "csh"};
  return std::ranges::find(shells, name) != shells.end();
}

/// Tasks of one step have made the same mistake, of which one tells.
bool speaks() {
  try {
    return runner::speaks_for_all(runner::process_environment()) || started_by_a_shell();
  } catch (const std::exception&) {
    return true;  // the launcher's variables are the mistake
  }
}

/// Runs a command, and turns what it throws into a message and an exit code.
int answer(const runner::Command& command) {
  try {
    return command();
  } catch (const runner::RecipeError& error) {
    if (speaks()) runner::say("{}", error.what());
    return users_mistake;
  } catch (const runner::UserError& error) {
    if (speaks()) runner::say("runner: {}\n", error.what());
    return users_mistake;
  } catch (const std::exception& error) {
    runner::say("runner: {}\n", error.what());
    return failed;
  }
}

bool reader_has_gone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/// The exit code when what was printed may not have come to where it was to go, such as a full
/// disk. A reader that has gone has had enough.
int delivered(int code) {
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0;
  const auto why = errno == 0 ? std::string() : ": " + runner::reason_of(errno);
  if ((flushed && std::ferror(stdout) == 0) || reader_has_gone()) return code;
  runner::say("runner: cannot write standard output{}\n", why);
  return code == 0 ? failed : code;
}

/// `runner complete -- WORD...`, which the shells' scripts ask. It is no command of CLI11's: the
/// words are half a command line.
int complete(const CLI::App& app, std::vector<std::string> words) {
  if (!words.empty() && words.front() == "--") words.erase(words.begin());
  fmt::print("{}", runner::complete::to_lines(runner::complete::complete(app, words)));
  return 0;
}

std::optional<bool> more_is_better(std::string_view metric) {
  const auto goal = runner::own_goal(metric);
  return goal ? std::optional(goal == runner::Goal::greater) : std::nullopt;
}

/// CLI11 takes an unknown command for a stray argument, and only says that one is missing.
bool is_unknown_command(const CLI::App& app, const std::string& word) {
  if (word.starts_with('-')) return false;
  std::vector<std::string> known;
  for (const auto* command : app.get_subcommands({})) {
    if (command->get_name() == word) return false;
    if (!command->get_group().empty()) known.push_back(command->get_name());
  }
  runner::say("runner: there is no command '{}'; {}\n", word, runner::what_instead(word, known));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is told of as any other
  runner::set_more_is_better(more_is_better);
  CLI::App app("Run experiments from YAML recipes, and answer questions about past ones.",
               "runner");
  app.set_version_flag("--version", "runner " RUNNER_VERSION);
  app.formatter(runner::help_format());
  runner::Command chosen;
  runner::add_commands(app, chosen);
  if (argc < 2) {
    runner::say("{}", app.help());
    return users_mistake;
  }
  if (std::string_view(argv[1]) == "complete")
    return delivered(complete(app, {argv + 2, argv + argc}));
  if (is_unknown_command(app, argv[1])) return users_mistake;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError& error) {
    const auto about = runner::about_unknown_option(app, {argv + 1, argv + argc});
    if (about.empty())
      app.exit(error);
    else
      runner::say("runner: {}\n", about);
    return users_mistake;
  } catch (const CLI::ParseError& error) {
    return delivered(app.exit(error) == 0 ? 0 : users_mistake);
  }
  return delivered(answer(chosen));
}
