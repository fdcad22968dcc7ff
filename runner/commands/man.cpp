#include "runner/commands/man.hpp"

#include "experiments/error.hpp"
#include "experiments/nearest.hpp"
#include "runner/commands/man_page.hpp"
#include "runner/exchange/output.hpp"

#include <filesystem>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

struct ManOptions {
  std::string command;
  std::optional<fs::path> into;
};

std::vector<const CLI::App*> shown_commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); });
}

void write_pages(const CLI::App& app, const fs::path& folder) {
  Output page(folder / (man_name(app) + ".1"));
  page.write(man_page(app));
  page.commit();
  for (const auto* command : shown_commands(app)) write_pages(*command, folder);
}

const CLI::App& find_command(const CLI::App& app, const std::string& name) {
  if (name.empty()) return app;
  std::vector<std::string> known;
  for (const auto* command : shown_commands(app)) {
    if (command->get_name() == name) return *command;
    known.push_back(command->get_name());
  }
  throw UserError(fmt::format("there is no command '{}'; {}", name, what_instead(name, known)));
}

int man(const CLI::App& app, const ManOptions& options) {
  if (options.into) {
    fs::create_directories(*options.into);
    write_pages(app, *options.into);
  } else {
    fmt::print("{}", man_page(find_command(app, options.command)));
  }
  return 0;
}

}  // namespace

void add_man(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ManOptions>();
  auto* command = app.add_subcommand("man", "Print a manual page, or write all of them");
  command->group("");
  command->add_option("COMMAND", options->command, "Of which command; without it, of the program");
  command->add_option("--into", options->into, "Write all of them into this folder")
      ->type_name("FOLDER");
  command->callback(
      [options, &app, &chosen] { chosen = [options, &app] { return man(app, *options); }; });
}

}  // namespace runner
