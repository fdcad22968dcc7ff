#include "runner/commands/ui.hpp"

#include "experiments/location.hpp"
#include "experiments/store.hpp"
#include "runner/commands/options.hpp"
#include "runner/launch/slurm_jobs.hpp"
#include "runner/ui/browser.hpp"
#include "runner/ui/server.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct UiOptions {
  std::optional<std::filesystem::path> database;
  std::optional<int> port;
  bool read_only = false;
  bool no_browser = false;
};

int serve_page(const UiOptions& options) {
  ui::ServerOptions server;
  server.database = std::filesystem::absolute(find_database(options.database));
  server.port = options.port;
  server.read_only = options.read_only;
  server.settle = settle_slurm_jobs;
  // The page is also there before the first run; but who only reads makes no file.
  if (options.read_only || std::filesystem::exists(server.database))
    Store::open(server.database);
  else
    Store::create_or_open(server.database);
  ui::serve(server, [&](const std::string& address) {
    fmt::print("page       {}\ndatabase   {}{}\n", address, server.database.string(),
               options.read_only ? " (read only)" : "");
    fmt::print("Ctrl-C ends it. It answers to this machine alone; see `runner ui --help`.\n");
    std::fflush(stdout);
    if (!options.no_browser) ui::open_browser(address);
  });
  return 0;
}

}  // namespace

void add_ui(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<UiOptions>();
  auto* command = app.add_subcommand("ui", "Serve a local page with runs, curves and sweeps");
  command
      ->add_option("--port", options->port,
                   "The port on 127.0.0.1, instead of 8217 or, where that is taken, any free one")
      ->type_name("N")
      ->check(CLI::Range(1, 65535));
  command->add_flag("--read-only", options->read_only, "Nothing can be edited");
  command->add_flag("--no-browser", options->no_browser, "Print the address, and open no browser");
  add_database(*command, options->database);
  command->footer(
      "The page answers to this machine alone. From another one: ssh -L 8217:127.0.0.1:8217 HOST,\n"
      "and the printed address there.");
  command->callback([options, &chosen] { chosen = [options] { return serve_page(*options); }; });
}

}  // namespace runner
