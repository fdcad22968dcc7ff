#include "runner/terminal/sweep_view.hpp"

#include "runner/terminal/letters.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace runner {

int SweepView::columns() const { return std::max(width, 40); }
int SweepView::lines() const { return std::max(height, 4); }

std::vector<const SweepTrial*> SweepView::with_value() const {
  std::vector<const SweepTrial*> out;
  for (const auto& trial : trials)
    if (trial.has_value()) out.push_back(&trial);
  return out;
}

const SweepTrial* SweepView::best() const {
  const SweepTrial* best = nullptr;
  for (const auto* trial : with_value())
    if (!best || is_better(goal, *trial->value, *best->value)) best = trial;
  return best;
}

std::int64_t SweepView::failed() const {
  return std::ranges::count_if(trials, &SweepTrial::has_failed);
}

std::vector<const SweepTrial*> SweepView::pruned() const {
  std::vector<const SweepTrial*> out;
  for (const auto& trial : trials)
    if (trial.pruned_value && std::isfinite(*trial.pruned_value)) out.push_back(&trial);
  return out;
}

Scale SweepView::scale() const {
  std::vector<double> values;
  for (const auto* trial : with_value()) values.push_back(*trial->value);
  for (const auto* trial : pruned()) values.push_back(*trial->pruned_value);
  return Scale(values);
}

std::optional<std::string> SweepView::nothing() const {
  if (best()) return std::nullopt;
  if (trials.empty()) return wrapped("There is no trial to draw.", columns());
  const auto these = trials.size() == 1 ? std::string("The only trial has")
                                        : fmt::format("None of the {} trials has", trials.size());
  const auto failures = failed() == 0 ? "" : fmt::format("; {} failed", failed());
  return wrapped(fmt::format("{} {} value of {} to draw{}.", these, trials.size() == 1 ? "no" : "a",
                             metric, failures),
                 columns());
}

std::string wrapped(std::string_view text, int width) {
  std::string out, line;
  while (!text.empty()) {
    const auto blanks = std::min(text.find_first_not_of(' '), text.size());
    const auto end = std::min(text.find(' ', blanks), text.size());
    const auto word = std::string(text.substr(blanks, end - blanks));
    if (display_width(line) + static_cast<int>(blanks) + display_width(word) <= width) {
      line += text.substr(0, end);
    } else {
      if (!line.empty()) out += line + "\n";
      line = without_end(word, width);
    }
    text.remove_prefix(end);
  }
  return out + line + "\n";
}

std::string legend_lines(const std::vector<std::string>& parts, int width) {
  constexpr std::string_view between = "   ";
  std::string out, line;
  for (const auto& part : parts) {
    if (line.empty()) {
      line = part;
    } else if (display_width(line) + display_width(between) + display_width(part) <= width) {
      line.append(between).append(part);
    } else {
      out += wrapped(line, width);
      line = part;
    }
  }
  return out + wrapped(line, width);
}

}  // namespace runner
