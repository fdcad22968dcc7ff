#include "runner/commands/man_page.hpp"

#include "runner/commands/command_line.hpp"
#include "runner/commands/examples.hpp"
#include "runner/commands/value_text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

/// Text as roff takes it: a backslash, a minus that stays one, and no request at a line's
/// beginning.
std::string text(std::string_view plain) {
  std::string out;
  if (plain.starts_with('.') || plain.starts_with('\'')) out += "\\&";
  for (const char letter : plain) switch (letter) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '\'':
        out += "\\(aq";
        break;
      default:
        out += letter;
    }
  return out;
}

std::string manual_item(const std::string& head, const std::string& about) {
  return fmt::format(".TP\n.B {}\n{}\n", text(head), text(about));
}

std::string positional(const CLI::Option& option) {
  auto name = option.get_name(true);
  if (option.get_items_expected_max() >= CLI::detail::expected_max_vector_size) name += "...";
  return option.get_required() ? name : "[" + name + "]";
}

std::string synopsis(const CLI::App& app) {
  std::string out = fmt::format(".B {}\n[OPTIONS]", text(command_line(app)));
  for (const auto* option : app.get_options())
    if (option->get_positional()) out += " " + text(positional(*option));
  if (!app.get_subcommands({}).empty()) out += " COMMAND";
  return out + "\n";
}

std::string options(const CLI::App& app) {
  std::string arguments, flags;
  for (const auto* option : app.get_options()) {
    const auto about = option->get_description();
    if (option->get_positional())
      arguments += manual_item(positional(*option), about);
    else if (!option->get_group().empty())
      flags += manual_item(option->get_name(false, true) + value_text(*option), about);
  }
  return (arguments.empty() ? "" : ".SH ARGUMENTS\n" + arguments) + ".SH OPTIONS\n" + flags;
}

std::string commands(const CLI::App& app) {
  std::string out;
  for (const auto* each : app.get_subcommands({}))
    if (!each->get_group().empty()) out += manual_item(each->get_name(), each->get_description());
  return out.empty() ? "" : ".SH COMMANDS\n" + out;
}

std::string examples_section(const CLI::App& app) {
  std::string out;
  for (const auto& [line, about] : examples_of(app))
    out += fmt::format(".TP\n.B {}\n{}\n", text(line), text(about));
  return out.empty() ? "" : ".SH EXAMPLES\n" + out;
}

std::string environment(const CLI::App& app) {
  if (app.get_parent()) return "";
  return ".SH ENVIRONMENT\n" +
         manual_item("RUNNER_DB",
                     "The database, instead of the nearest .runner/experiments.db upwards.") +
         manual_item("RUNNER_UMASK",
                     "What others may not do with databases, logs and checkpoints: 077, unless it "
                     "is set; 007 lets a group in, 022 all read.") +
         manual_item("RUNNER_DATA_DIR",
                     "Where data sets are looked for, each in a folder of its name.") +
         manual_item("RUNNER_SECRET, RUNNER_SECRET_FILE",
                     "The secret by which the ranks of a run on several machines know each other, "
                     "or a file with it that its owner alone can read.") +
         manual_item("RUNNER_CACHE_DIR",
                     "Where they are kept when they were fetched; else ~/.cache/runner.") +
         manual_item("NO_COLOR", "When it is not empty, no colours are printed.");
}

}  // namespace

std::string man_name(const CLI::App& app) {
  auto name = command_line(app);
  for (auto& letter : name)
    if (letter == ' ') letter = '-';
  return name;
}

std::string man_page(const CLI::App& app) {
  auto title = man_name(app);
  for (auto& letter : title)
    letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return fmt::format(
      ".TH \"{}\" 1 \"\" \"runner {}\" \"runner\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}{}{}{}{}"
      ".SH \"EXIT STATUS\"\n{}.\n{}",
      text(title), RUNNER_VERSION, text(man_name(app)), text(app.get_description()), synopsis(app),
      options(app), commands(app), examples_section(app), environment(app), exit_codes_of(app),
      app.get_parent() ? ".SH \"SEE ALSO\"\n.BR runner (1)\n"
                       : ".SH \"SEE ALSO\"\nEach command has a page of its own: runner\\-run(1), "
                         "runner\\-list(1), ...\n");
}

}  // namespace runner
