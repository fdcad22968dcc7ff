#include "runner/commands/help_format.hpp"

#include "runner/commands/examples.hpp"
#include "runner/commands/value_text.hpp"
#include "runner/terminal/letters.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/sweep_view.hpp"

#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

constexpr int left = 30, least_width = 30;

/// `  --name   what it means`, the meaning in a column of its own.
std::string help_item(const std::string& name, const std::string& about) {
  const auto head = "  " + name;
  std::string out = head;
  int column = display_width(head);
  if (column + 2 > left && !about.empty()) {
    out += "\n";
    column = 0;
  }
  const int width = terminal_width(stdout);
  std::istringstream lines(width == 0 ? about
                                      : wrapped(about, std::max(width - left, least_width)));
  for (std::string line; std::getline(lines, line); column = 0)
    out += std::string(static_cast<std::size_t>(left - column), ' ') + line + "\n";
  return about.empty() ? out + "\n" : out;
}

class HelpFormat : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string out = value_text(*option);
    if (option->get_required()) out += " REQUIRED";
    for (const auto* other : option->get_needs()) out += ", with " + other->get_name();
    return out;
  }
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    return help_item(make_option_name(option, is_positional) + make_option_opts(option),
                     make_option_desc(option));
  }
  std::string make_footer(const CLI::App* command) const override {
    return help_end(*command) + "\n";
  }
  std::string make_subcommand(const CLI::App* command) const override {
    return help_item(command->get_name(), command->get_description());
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_format() { return std::make_shared<HelpFormat>(); }

}  // namespace runner
