#include "runner/recipe/problems.hpp"

#include "experiments/text.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::size_t most_shown = 50;

std::string_view line_of(const Source& source, int number) {
  std::string_view rest = source.text;
  for (int i = 1; i < number; ++i) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  return rest.substr(0, rest.find_first_of("\r\n"));
}

std::string header(const Problem& problem) {
  const auto& source = *problem.place.source;
  const auto name = printable(source.name), message = printable(problem.message);
  if (source.is_argument) return fmt::format("argument '{}': {}\n", name, message);
  return fmt::format("{}:{}:{}: {}\n", name, problem.place.line, problem.place.column, message);
}

/// Tabs are shown as they are.
std::string printable_line(std::string_view line) {
  const auto tab = line.find('\t');
  if (tab == std::string_view::npos) return printable(line);
  return printable(line.substr(0, tab)) + '\t' + printable_line(line.substr(tab + 1));
}

/// Tabs stay tabs under tabs, and a continuation byte of UTF-8 takes no place, so that the caret
/// meets its word.
std::string indent_like(std::string_view text) {
  std::string out;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) out += c == '\t' ? '\t' : ' ';
  return out;
}

std::string excerpt(const Place& place) {
  if (!place.source->is_shown) return "";
  const auto line = line_of(*place.source, place.line);
  if (line.empty()) return "";
  const auto before = line.substr(0, static_cast<std::size_t>(place.column - 1));
  return fmt::format("{:5} | {}\n      | {}^\n", place.line, printable_line(line),
                     indent_like(printable_line(before)));
}

}  // namespace

void Problems::add(Place place, std::string message) {
  for (const auto& known : problems_)
    if (known.message == message && known.place.source == place.source &&
        known.place.line == place.line && known.place.column == place.column)
      return;
  problems_.push_back({std::move(place), std::move(message)});
}

std::string Problems::render() const {
  auto sorted = problems_;
  const auto key = [](const Problem& p) {
    return std::tuple(p.place.source->is_argument, p.place.source->name, p.place.line,
                      p.place.column);
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  std::string out;
  for (std::size_t i = 0; i < std::min(sorted.size(), most_shown); ++i)
    out += header(sorted[i]) + excerpt(sorted[i].place);
  if (sorted.size() > most_shown) out += fmt::format("and {} more\n", sorted.size() - most_shown);
  return out;
}

}  // namespace runner
