#include "runner/doctor/report.hpp"

#include "runner/terminal/letters.hpp"
#include "runner/terminal/sweep_view.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include <fmt/format.h>

namespace runner::doctor {
namespace {

constexpr int health_width = 7, gap = 2, least_text = 30;

constexpr std::array words{"ok", "warning", "problem"};
constexpr std::array colours{32, 33, 31};  // ANSI's green, yellow and red

std::string word(Health health) { return words[static_cast<std::size_t>(health)]; }

std::string shown(Health health, bool coloured) {
  const auto padded = fmt::format("{:<{}}", word(health), health_width);
  if (!coloured) return padded;
  return fmt::format("\033[{}m{}\033[0m", colours[static_cast<std::size_t>(health)], padded);
}

/// Where the columns begin.
struct Layout {
  int area = 0, name = 0;

  explicit Layout(const Checks& checks) {
    for (const auto& check : checks) {
      area = std::max(area, display_width(check.area) + gap);
      name = std::max(name, display_width(check.name) + gap);
    }
  }
  int text() const { return area + name + health_width + gap; }
};

/// Its lines, of which all but the first are indented.
std::string broken(const std::string& text, int indent, int width) {
  if (width == 0) return text + "\n";
  std::istringstream lines(wrapped(text, std::max(width - indent, least_text)));
  std::string out;
  for (std::string line; std::getline(lines, line);)
    out += (out.empty() ? "" : std::string(static_cast<std::size_t>(indent), ' ')) + line + "\n";
  return out;
}

std::string summary(const Checks& checks) {
  const auto count = [&](Health health, const char* noun) {
    const auto number = std::ranges::count(checks, health, &Check::health);
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
  };
  return fmt::format("{}, {}\n", count(Health::problem, "problem"),
                     count(Health::warning, "warning"));
}

}  // namespace

std::string report(const Checks& checks, int width, bool coloured) {
  const Layout layout(checks);
  std::string out, before;
  for (const auto& check : checks) {
    out += fmt::format("{:<{}}{:<{}}{}{:{}}{}", check.area == before ? "" : check.area, layout.area,
                       check.name, layout.name, shown(check.health, coloured), "", gap,
                       broken(check.found, layout.text(), width));
    if (!check.fix.empty()) out += fmt::format("{:>{}}{}\n", "fix: ", layout.text(), check.fix);
    before = check.area;
  }
  return out + "\n" + summary(checks);
}

nlohmann::ordered_json report_json(const Checks& checks) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& check : checks)
    out.push_back({{"area", check.area},
                   {"check", check.name},
                   {"health", word(check.health)},
                   {"found", check.found},
                   {"fix", check.fix}});
  return out;
}

bool has_problem(const Checks& checks) {
  return std::ranges::any_of(checks,
                             [](const Check& check) { return check.health == Health::problem; });
}

}  // namespace runner::doctor
