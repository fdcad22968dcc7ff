#include "experiments/error.hpp"
#include "runner/commands/components.hpp"
#include "runner/commands/list.hpp"
#include "runner/commands/run.hpp"
#include "runner/commands/schema.hpp"
#include "runner/commands/show.hpp"
#include "runner/commands/validate.hpp"
#include "runner/recipe/problems.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

constexpr int failed = 1;
constexpr int users_mistake = 2;

/// Runs a command, and turns what it throws into a message and an exit code.
int answer(const runner::Command& command) {
  try {
    return command();
  } catch (const runner::RecipeError& error) {
    fmt::print(stderr, "{}", error.what());
    return users_mistake;
  } catch (const runner::UserError& error) {
    fmt::print(stderr, "runner: {}\n", error.what());
    return users_mistake;
  } catch (const std::exception& error) {
    fmt::print(stderr, "runner: {}\n", error.what());
    return failed;
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Run experiments from YAML recipes, and answer questions about past ones.",
               "runner");
  app.set_version_flag("--version", "runner " RUNNER_VERSION);
  app.require_subcommand(1);
  app.footer("Exit codes: 0 done, 1 failed, 2 your mistake, 3 stopped early.");
  runner::Command chosen;
  for (const auto add : {runner::add_run, runner::add_validate, runner::add_list, runner::add_show,
                         runner::add_components, runner::add_schema})
    add(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : users_mistake;
  }
  return answer(chosen);
}
