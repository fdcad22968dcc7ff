#pragma once

#include "runner/answers/trial_table.hpp"
#include "runner/terminal/letters.hpp"

#include <algorithm>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace runner {

/// Nine trials of two optimizers and three learning rates; the highest rate is too high for sgd.
inline std::vector<SweepTrial> nine_trials() {
  constexpr auto not_a_number = std::numeric_limits<double>::quiet_NaN();
  const auto trial = [](std::int64_t number, const char* optimizer, double lr,
                        std::optional<double> value, const char* status = "done") {
    return SweepTrial{number, {{"optimizer", optimizer}, {"optimizer.lr", lr}}, value, status, 1};
  };
  return {trial(0, "sgd", 0.001, 0.9),
          trial(1, "sgd", 0.01, 0.6),
          trial(2, "sgd", 1.0, not_a_number),
          trial(3, "adamw", 0.001, 0.2),
          trial(4, "adamw", 0.01, 0.4),
          trial(5, "adamw", 1.0, 0.8),
          trial(6, "sgd", 1.0, std::nullopt, "failed"),
          trial(7, "adamw", 0.001, 0.1),
          trial(8, "adamw", 0.01, std::nullopt, "running")};
}

/// Three trials, of which the last was pruned at 0.7.
inline std::vector<SweepTrial> one_pruned() {
  return {{1, {{"width", 16}, {"depth", 1}}, 0.5, "done", 1},
          {2, {{"width", 32}, {"depth", 2}}, 0.1, "done", 1},
          {3, {{"width", 48}, {"depth", 1}}, std::nullopt, "pruned", 1, false, 0.7}};
}

inline int widest_line(const std::string& text) {
  std::istringstream lines(text);
  int width = 0;
  for (std::string line; std::getline(lines, line);) width = std::max(width, display_width(line));
  return width;
}

/// Many trials with long names and wide letters in them.
inline std::vector<SweepTrial> many_trials(int number) {
  std::vector<SweepTrial> trials;
  for (int i = 0; i < number; ++i) {
    const double turn = (i * 37 % 101) / 101.0;
    trials.push_back(
        {i,
         {{"model.encoder.hidden_units_per_layer", 16 << (i % 6)},
          {"optimizer.lr", 1e-5 + turn},
          {"データ", std::string(i % 3 == 0 ? "とても長い名前のデータセット" : "mnist")},
          {"loss.label_smoothing", i % 7 / 10.0},
          {"model.batch_norm", i % 2 == 0}},
         i % 9 == 8 ? std::nullopt : std::optional(1e-3 + turn * turn * i),
         i % 9 == 8 ? "failed" : "done",
         1});
  }
  return trials;
}

}  // namespace runner
