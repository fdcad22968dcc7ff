#include "runner/commands/show.hpp"

#include "experiments/details.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "runner/commands/options.hpp"
#include "runner/launch/slurm_jobs.hpp"
#include "runner/terminal/run_json.hpp"
#include "runner/terminal/run_page.hpp"
#include "runner/terminal/screen.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

struct ShowOptions {
  std::optional<std::filesystem::path> database;
  std::string reference = "last";
  bool json = false;
  bool diff = false;
};

int show(const ShowOptions& options) {
  Store store = Store::open(find_database(options.database));
  settle_slurm_jobs(store);
  const RunDetails details =
      read_run(store.database(), find_run(store.database(), options.reference));
  if (options.diff) {
    fmt::print("{}", details.run.git_diff.value_or(""));
  } else if (options.json) {
    fmt::print("{}\n", dumped(run_json(details), 2));
  } else {
    fmt::print("{}", run_page(details, terminal_width(stdout)));
  }
  return 0;
}

}  // namespace

void add_show(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ShowOptions>();
  auto* command = app.add_subcommand(
      "show", "Show one run: its config and where each value came from, its metrics and epochs");
  command->add_option("RUN", options->reference, which_run)->capture_default_str();
  add_database(*command, options->database);
  auto* json =
      command->add_flag("--json", options->json, "An object with everything, in full precision");
  command
      ->add_flag("--diff", options->diff,
                 "What the code had that its commit had not, as git diff gives it")
      ->excludes(json);
  command->callback([options, &chosen] { chosen = [options] { return show(*options); }; });
}

}  // namespace runner
