#include "experiments/error.hpp"
#include "experiments/nearest.hpp"
#include "runner/commands/annotate.hpp"
#include "runner/commands/batch_find.hpp"
#include "runner/commands/bisect.hpp"
#include "runner/commands/components.hpp"
#include "runner/commands/export.hpp"
#include "runner/commands/gate.hpp"
#include "runner/commands/import.hpp"
#include "runner/commands/list.hpp"
#include "runner/commands/logs.hpp"
#include "runner/commands/lr_find.hpp"
#include "runner/commands/merge.hpp"
#include "runner/commands/plot.hpp"
#include "runner/commands/race.hpp"
#include "runner/commands/remove.hpp"
#include "runner/commands/resume.hpp"
#include "runner/commands/run.hpp"
#include "runner/commands/schema.hpp"
#include "runner/commands/show.hpp"
#include "runner/commands/stop.hpp"
#include "runner/commands/submit.hpp"
#include "runner/commands/sweep.hpp"
#include "runner/commands/ui.hpp"
#include "runner/commands/validate.hpp"
#include "runner/commands/verify.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/recipe/problems.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

constexpr int failed = 1;
constexpr int users_mistake = 2;

/// Tasks of one step have made the same mistake, of which one tells.
bool speaks() {
  try {
    return runner::speaks_for_all(runner::process_environment());
  } catch (const std::exception&) {
    return true;  // the launcher's variables are the mistake
  }
}

/// Runs a command, and turns what it throws into a message and an exit code.
int answer(const runner::Command& command) {
  try {
    return command();
  } catch (const runner::RecipeError& error) {
    if (speaks()) fmt::print(stderr, "{}", error.what());
    return users_mistake;
  } catch (const runner::UserError& error) {
    if (speaks()) fmt::print(stderr, "runner: {}\n", error.what());
    return users_mistake;
  } catch (const std::exception& error) {
    fmt::print(stderr, "runner: {}\n", error.what());
    return failed;
  }
}

/// CLI11 takes an unknown command for a stray argument, and only says that one is missing.
bool is_unknown_command(const CLI::App& app, const std::string& word) {
  if (word.starts_with('-')) return false;
  std::vector<std::string> known;
  for (const auto* command : app.get_subcommands({})) known.push_back(command->get_name());
  if (std::find(known.begin(), known.end(), word) != known.end()) return false;
  fmt::print(stderr, "runner: there is no command '{}'; {}\n", word,
             runner::what_instead(word, known));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Run experiments from YAML recipes, and answer questions about past ones.",
               "runner");
  app.set_version_flag("--version", "runner " RUNNER_VERSION);
  app.require_subcommand(1);
  app.footer("Exit codes: 0 done, 1 failed, 2 your mistake, 3 stopped early.");
  runner::Command chosen;
  for (const auto add :
       {runner::add_run,        runner::add_resume,   runner::add_stop,    runner::add_submit,
        runner::add_validate,   runner::add_list,     runner::add_show,    runner::add_logs,
        runner::add_sweep,      runner::add_race,     runner::add_gate,    runner::add_plot,
        runner::add_ui,         runner::add_annotate, runner::add_remove,  runner::add_export,
        runner::add_components, runner::add_schema,   runner::add_lr_find, runner::add_batch_find,
        runner::add_verify,     runner::add_bisect,   runner::add_import,  runner::add_merge})
    add(app, chosen);
  if (argc < 2) {
    fmt::print(stderr, "{}", app.help());
    return users_mistake;
  }
  if (is_unknown_command(app, argv[1])) return users_mistake;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : users_mistake;
  }
  return answer(chosen);
}
