#include "runner/terminal/heat_map.hpp"

#include "runner/answers/statistics.hpp"
#include "runner/terminal/letters.hpp"
#include "runner/terminal/parameter_bands.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr int bare_width = 2;  ///< of a cell that is a shade alone
constexpr int most_parts = 8;
constexpr int shade_count = 4, colour_count = 9;

/// Parts of a scale that fit side by side with numbers in them, usually.
int parts_across(int columns) {
  constexpr int usual_label = 10, usual_cell = 10;
  return std::clamp((columns - usual_label) / usual_cell, 2, most_parts);
}

/// Numbers with as many decimals each, four digits in the greatest.
class RoundedNumbers {
 public:
  explicit RoundedNumbers(const Scale& scale) {
    const double greatest = std::max(std::abs(scale.low()), std::abs(scale.high()));
    const double decimals = greatest > 0 ? 3 - std::floor(std::log10(greatest)) : 0;
    if (!scale.is_logarithmic() && greatest < 1e6 && decimals <= 6)
      decimals_ = std::max(0, static_cast<int>(decimals));
  }

  std::string operator()(double value) const {
    return decimals_ ? fmt::format("{:.{}f}", value, *decimals_) : short_number(value);
  }

 private:
  std::optional<int> decimals_;  ///< none where they would be too many, or differ by decades
};

struct HeatCell {
  std::vector<double> values;
  bool failed = false;
};

class HeatMap {
 public:
  HeatMap(const SweepView& view, const std::string& rows, const std::string& columns)
      : view_(view),
        rows_(view.trials, rows, most_parts),
        columns_(view.trials, columns, parts_across(view.columns())) {
    for (const auto& trial : view.trials) {
      const auto row = rows_.band(trial), column = columns_.band(trial);
      if (!row || !column) continue;
      auto& cell = cells_[{*row, *column}];
      cell.failed = cell.failed || trial.has_failed();
      if (trial.has_value()) cell.values.push_back(*trial.value);
    }
    for (const auto& [place, cell] : cells_)
      if (!cell.values.empty()) means_.push_back(mean(cell.values));
    if (means_.empty()) return;
    scale_ = Scale(means_);
    numbers_ = RoundedNumbers(scale_);
    lay_out();
  }

  bool is_empty() const { return means_.empty(); }

  std::string text() {
    const int rows = static_cast<int>(rows_.labels().size());
    Picture picture(view_.columns(), rows + 2);
    label(picture);
    for (const auto& [place, cell] : cells_)
      if (const auto [row, column] = place; column < shown_) draw(picture, row, column, cell);
    write_legend(picture, rows + 1);
    return picture.text(view_.coloured);
  }

  bool has_failures() const {
    return std::ranges::any_of(
        cells_, [](const auto& each) { return each.second.failed && each.second.values.empty(); });
  }

  bool is_logarithmic() const { return scale_.is_logarithmic(); }

  std::size_t columns_left_out() const { return columns_.labels().size() - shown_; }

 private:
  void lay_out() {
    left_ = rows_.widest_label() + 1;
    int number = 0;
    for (const auto value : means_) number = std::max(number, display_width(numbers_(value)));
    const auto count = static_cast<int>(columns_.labels().size());
    const int room = view_.columns() - left_;
    width_ = std::max(number + 3, columns_.widest_label() + 2);
    if (width_ * count > room) width_ = number + 3;  // labels are cut before numbers go
    has_numbers_ = width_ * count <= room;
    if (!has_numbers_) width_ = bare_width;
    shown_ = static_cast<std::size_t>(std::min(count, room / width_));
  }

  void label(Picture& picture) const {
    for (std::size_t i = 0; i < rows_.labels().size(); ++i)
      picture.write(left_ - 1 - display_width(rows_.labels()[i]), static_cast<int>(i) + 1,
                    rows_.labels()[i]);
    int free = 0;
    for (std::size_t i = 0; i < shown_; ++i) {
      const auto text =
          has_numbers_ ? without_end(columns_.labels()[i], width_ - 2) : columns_.labels()[i];
      const int begin = has_numbers_ ? begin_of(i) + width_ - 1 - display_width(text) : begin_of(i);
      if (begin < free || begin + display_width(text) > view_.columns()) continue;
      picture.write(begin, 0, text);
      free = begin + display_width(text) + 1;
    }
  }

  void draw(Picture& picture, std::size_t row, std::size_t column, const HeatCell& cell) const {
    const int line = static_cast<int>(row) + 1, begin = begin_of(column);
    if (cell.values.empty()) {
      if (cell.failed)
        picture.write(has_numbers_ ? begin + width_ - 2 : begin, line, "×", ink::failed);
      return;
    }
    const double value = mean(cell.values);
    const auto [shade, ink] = shade_of(goodness(value));
    if (!has_numbers_) return picture.write(begin, line, shade + shade, ink);
    picture.write(begin, line, fmt::format("{}{:>{}} ", shade, numbers_(value), width_ - 2), ink);
  }

  /// From the worst to the best, below the cells if it fits there.
  void write_legend(Picture& picture, int line) const {
    const auto low = numbers_(scale_.low()), high = numbers_(scale_.high());
    if (scale_.is_constant()) return picture.write(0, line, "all are " + low);
    const bool less = view_.goal == Goal::smaller;
    const auto worst = fmt::format("worst {} ", less ? high : low);
    const auto best = fmt::format(" best {}", less ? low : high);
    const int steps = view_.coloured ? colour_count : shade_count;
    const int width = display_width(worst) + steps + display_width(best);
    const int begin = std::max(0, std::min(left_, view_.columns() - width));
    const int ramp = begin + display_width(worst);
    picture.write(begin, line, worst);
    for (int i = 0; i < steps; ++i) {
      const auto [shade, ink] = shade_of((i + 0.5) / steps);
      picture.write(ramp + i, line, shade, ink);
    }
    picture.write(ramp + steps, line, best);
  }

  /// 1 for the best.
  double goodness(double value) const {
    if (scale_.is_constant()) return 1;
    return view_.goal == Goal::smaller ? 1 - scale_.place(value) : scale_.place(value);
  }

  int begin_of(std::size_t column) const { return left_ + static_cast<int>(column) * width_; }

  struct Shade {
    std::string letter;
    Ink ink;
  };

  /// A letter that is the fuller the better; with colour_count, a ground from dark blue to yellow,
  /// each lighter than the one before (xterm's 256 colour_count).
  Shade shade_of(double good) const {
    constexpr std::array<std::string_view, shade_count> letters{"░", "▒", "▓", "█"};
    constexpr std::array<int, colour_count> grounds{17, 18, 25, 31, 37, 36, 71, 113, 184};
    constexpr int white = 15, black = 16, dark = 4;
    const auto step = [good](int steps) {
      return std::clamp<std::size_t>(static_cast<std::size_t>(good * steps), 0,
                                     static_cast<std::size_t>(steps) - 1);
    };
    if (!view_.coloured) return {std::string(letters[step(shade_count)]), {}};
    return {" ", {step(colour_count) < dark ? white : black, grounds[step(colour_count)]}};
  }

  const SweepView& view_;
  ParameterBands rows_, columns_;
  std::map<std::pair<std::size_t, std::size_t>, HeatCell> cells_;
  std::vector<double> means_;
  Scale scale_{std::array{0.0}};
  RoundedNumbers numbers_{scale_};
  int left_ = 0, width_ = 0;
  bool has_numbers_ = true;
  std::size_t shown_ = 0;
};

}  // namespace

std::string heat_map(const SweepView& view, const std::string& rows, const std::string& columns) {
  if (const auto nothing = view.nothing()) return *nothing;
  HeatMap map(view, rows, columns);
  if (map.is_empty())
    return wrapped(fmt::format("No trial with a value has both {} and {}.", rows, columns),
                   view.columns());
  const auto title = fmt::format("mean {}{}: rows {}, columns {}", view.metric,
                                 map.is_logarithmic() ? " (logarithmic)" : "", rows, columns);
  std::string below;
  if (map.has_failures()) below += "× failed\n";
  if (const auto left_out = map.columns_left_out())
    below +=
        wrapped(fmt::format("{} more values of {} do not fit", left_out, columns), view.columns());
  return wrapped(title, view.columns()) + map.text() + below;
}

}  // namespace runner
