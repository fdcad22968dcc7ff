#include "runner/terminal/confusion_chart.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

namespace runner {
namespace {

using Counts = std::vector<std::vector<std::int64_t>>;

constexpr std::string_view corner = "true";
constexpr std::size_t share_width = 10;  ///< "  100.00 %"

std::size_t digits(std::int64_t number) { return fmt::formatted_size("{}", number); }

std::int64_t sum(const std::vector<std::int64_t>& row) {
  return std::reduce(row.begin(), row.end(), std::int64_t{0});
}

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Of so many classes from the `first` on; nothing where they have no samples.
std::string recall(const Counts& counts, std::size_t first, std::size_t classes = 1) {
  std::int64_t right = 0, samples = 0;
  for (auto i = first; i < std::min(first + classes, counts.size()); ++i) {
    right += counts[i][i];
    samples += sum(counts[i]);
  }
  return samples == 0 ? "" : fmt::format("{:.2f} %", 100 * share(right, samples));
}

/// Five steps of green where the answer is right, of red where it is wrong (xterm's 256 colours).
std::string coloured_cell(const std::string& text, double share, bool right) {
  if (share == 0) return text;
  const int level = 1 + static_cast<int>(share * 4);
  return fmt::format("\033[38;5;15;48;5;{}m{}\033[0m", 16 + level * (right ? 6 : 36), text);
}

struct Numbers {
  const Counts& counts;
  std::size_t label, cell;

  explicit Numbers(const Counts& all) : counts(all) {
    std::int64_t largest = static_cast<std::int64_t>(all.size()) - 1;
    label = std::max(corner.size(), digits(largest));
    for (const auto& row : all) largest = std::max(largest, *std::ranges::max_element(row));
    cell = digits(largest) + 2;
  }

  std::size_t width() const { return label + counts.size() * cell + share_width; }

  std::string text(bool coloured) const {
    auto text = fmt::format("{:>{}}", corner, label);
    for (std::size_t i = 0; i < counts.size(); ++i) text += fmt::format("{:>{}} ", i, cell - 1);
    text += fmt::format("{:>{}}\n", "recall", share_width);
    for (std::size_t i = 0; i < counts.size(); ++i) text += row(i, coloured) + "\n";
    return text;
  }

  std::string row(std::size_t number, bool coloured) const {
    const auto samples = sum(counts[number]);
    auto text = fmt::format("{:>{}}", number, label);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const auto count = counts[number][i];
      const auto cell_text = fmt::format("{:>{}} ", count, cell - 1);
      text += coloured ? coloured_cell(cell_text, share(count, samples), i == number) : cell_text;
    }
    text += fmt::format("{:>{}}", recall(counts, number), share_width);
    return text.erase(text.find_last_not_of(' ') + 1);
  }
};

/// Classes side by side, so many in one.
Counts grouped(const Counts& counts, std::size_t together) {
  const auto groups = (counts.size() + together - 1) / together;
  Counts out(groups, std::vector<std::int64_t>(groups));
  for (std::size_t i = 0; i < counts.size(); ++i)
    for (std::size_t j = 0; j < counts.size(); ++j) out[i / together][j / together] += counts[i][j];
  return out;
}

std::string_view shade(double share) {
  constexpr std::array<std::string_view, 4> shades{"░", "▒", "▓", "█"};
  return share == 0 ? " " : shades[std::min<std::size_t>(3, static_cast<std::size_t>(share * 4))];
}

std::string shades(const Counts& counts, int width) {
  const auto label = std::max(corner.size(), digits(static_cast<std::int64_t>(counts.size()) - 1));
  const auto frame = label + 3 + share_width;  // " │" and "│"
  const auto columns = static_cast<std::size_t>(std::max(width, 40)) - frame;
  const auto together = (counts.size() + columns - 1) / columns;
  const auto groups = grouped(counts, together);
  auto text = fmt::format("{:>{}} {:{}}{:>{}}\n", corner, label, "", groups.size() + 2, "recall",
                          share_width);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    text += fmt::format("{:>{}} │", i * together, label);
    for (const auto count : groups[i]) text += shade(share(count, sum(groups[i])));
    text += fmt::format("│{:>{}}", recall(counts, i * together, together), share_width);
    text = text.erase(text.find_last_not_of(' ') + 1) + "\n";
  }
  const std::string each = together > 1 ? fmt::format("; {} classes each", together) : "";
  return text + fmt::format("{:>{}} shares of a row: ░ above 0, ▒ 25 %, ▓ 50 %, █ 75 %{}\n", "",
                            label, each);
}

}  // namespace

std::string confusion_chart(const Counts& counts, int width, bool coloured) {
  const Numbers numbers(counts);
  return static_cast<int>(numbers.width()) <= width ? numbers.text(coloured)
                                                    : shades(counts, width);
}

}  // namespace runner
