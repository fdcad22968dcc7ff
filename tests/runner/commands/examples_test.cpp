#include "runner/commands/examples.hpp"

#include "runner/commands/commands.hpp"
#include "runner/commands/help_format.hpp"
#include "runner/commands/man_page.hpp"

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

using namespace runner;

namespace {

struct Tree {
  CLI::App app{"Run experiments", "runner"};
  Command chosen;
  Tree() {
    app.formatter(help_format());
    add_commands(app, chosen);
  }
};

std::vector<std::string> shown_commands() {
  Tree tree;
  std::vector<std::string> names;
  for (const auto* command : tree.app.get_subcommands({}))
    if (!command->get_group().empty()) names.push_back(command->get_name());
  return names;
}

/// What stands before a shell's signs.
std::string arguments_of(std::string line) {
  line = line.substr(line.find("runner ") + 7);
  return line.substr(0, line.find_first_of(">|)"));
}

}  // namespace

TEST_CASE("every command has examples in its help, and each of them can be typed") {
  for (const auto& name : shown_commands()) {
    CAPTURE(name);
    const Tree known;
    const auto examples = examples_of(*known.app.get_subcommand(name));
    CHECK_FALSE(examples.empty());
    for (const auto& [words, about] : examples) {
      const auto& line = words;
      CAPTURE(line);
      CHECK(line.find("runner " + name) != std::string::npos);
      Tree tree;
      // A filter's signs are no shell's.
      const auto quoted = line.find('\'') != std::string::npos;
      CHECK_NOTHROW(
          tree.app.parse(quoted ? std::string(line.substr(7)) : arguments_of(std::string(line))));
      CHECK(tree.chosen);
    }
  }
}

TEST_CASE("a command's help ends with its examples and the exit codes") {
  Tree tree;
  const auto help = tree.app.get_subcommand("doctor")->help();
  CHECK(
      help.ends_with("Examples:\n"
                     "  runner doctor\n"
                     "      what is wrong here, and the command that mends it\n"
                     "\n"
                     "Exit codes: 0 nothing is wrong, 1 something is, 2 your mistake.\n"));
}

TEST_CASE("a command within another has examples of its own, and no one else's") {
  Tree tree;
  const auto lines = [&](const CLI::App& command) {
    std::vector<std::string_view> out;
    for (const auto& example : examples_of(command)) out.push_back(example.line);
    return out;
  };
  const auto& sweep = *tree.app.get_subcommand("sweep");
  CHECK(lines(*sweep.get_subcommand("show")) ==
        std::vector<std::string_view>{"runner sweep show mlp"});
  CHECK(lines(*sweep.get_subcommand("list")) == std::vector<std::string_view>{"runner sweep list"});
  CHECK(lines(sweep).size() == 3);
  CHECK(lines(*tree.app.get_subcommand("list")).size() == 5);
  CHECK(lines(tree.app).empty());
}

TEST_CASE(
    "a command whose exit codes mean something else says so, in its help and its manual page") {
  Tree tree;
  const auto& watch = *tree.app.get_subcommand("watch");
  const std::string codes = "0 the run is done, 1 it failed, 2 your mistake, 3 it was stopped.\n";
  CHECK(watch.help().ends_with("\n\nExit codes: " + codes));
  CHECK(man_page(watch).find(".SH \"EXIT STATUS\"\n" + codes) != std::string::npos);
  CHECK(tree.app.get_subcommand("ui")->help().find("\n\nThe page answers to this machine alone.") !=
        std::string::npos);
}

TEST_CASE("a manual page has the help's words, with what roff would take for its own told apart") {
  Tree tree;
  const auto page = man_page(*tree.app.get_subcommand("list"));
  CHECK(
      page.starts_with(".TH \"RUNNER\\-LIST\" 1 \"\" \"runner 0.1.0\" \"runner\"\n.SH NAME\n"
                       "runner\\-list \\- List runs, the newest first\n"));
  CHECK(page.find(
            ".TP\n.B \\-\\-where FILTER\nOnly runs that fulfil this: \\(aqeval/accuracy > 0.99") !=
        std::string::npos);
  CHECK(page.find(".SH EXAMPLES\n.TP\n.B runner list \\-\\-where") != std::string::npos);
}
