#include "runner/exchange/lightning.hpp"

#include "experiments/error.hpp"
#include "registry/counted.hpp"
#include "registry/datasets/digest.hpp"
#include "runner/exchange/csv_file.hpp"
#include "runner/exchange/hparams_file.hpp"
#include "runner/exchange/read_text.hpp"
#include "runner/exchange/whole_number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr auto nowhere = std::numeric_limits<std::size_t>::max();

std::int64_t written_at(const fs::path& file) {
  struct stat found {};
  stat(file.c_str(), &found);
  return found.st_mtim.tv_sec * 1000 + found.st_mtim.tv_nsec / 1'000'000;
}

/// Spreadsheets begin what they write in UTF-8 with a mark.
std::string_view without_mark(std::string_view text) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

/// As Python's float() reads it, but for `1_000`.
std::optional<double> number_in(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(" \t") + 1 - first);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const auto* last = text.data() + text.size();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), last, value);
  return error == std::errc() && end == last ? std::optional(value) : std::nullopt;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t") == text.npos; }

/// A CSVLogger's table: metrics beside the columns `step` and `epoch`. A logger that goes on after
/// an interruption may write the header again, with other columns, and steps that were there.
class MetricsTable {
 public:
  explicit MetricsTable(const fs::path& file) : file_(file), text_(read_text(file)) {
    for (const auto& cells : read_csv(without_mark(text_))) {
      ++row_;
      if (row_ == 1 || is_header(cells))
        read_header(cells);
      else
        read_row(cells);
    }
    warn_of_cells();
  }

  const std::string& text() const { return text_; }

  void move_into(Imported& run, std::int64_t time) {
    find_ends_of_epochs();
    for (const auto& row : rows_)
      for (const auto& [metric, value] : row.values)
        run.points.push_back({metric, row.step, epochs_done(row), value, time});
    run.metrics = std::move(metrics_);
    run.warnings = std::move(warnings_);
  }

 private:
  using Cells = std::vector<std::string>;
  struct Row {
    std::int64_t step;
    std::optional<double> epoch;
    std::vector<std::pair<std::uint32_t, double>> values;  ///< by metric
  };
  /// The cells of a metric's columns that are no numbers.
  struct Texts {
    std::int64_t count = 0;
    std::size_t row = 0;  ///< of the first
    std::string first;
  };

  bool is_header(const Cells& cells) const {
    return !number_in(cell(cells, step_)) && std::ranges::find(cells, "step") != cells.end();
  }

  /// The first of equal columns is the first metric of that name.
  void read_header(const Cells& cells) {
    step_ = epoch_ = nowhere;
    columns_.assign(cells.size(), nowhere);
    std::map<std::string, int> seen;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto place = ++seen[cells[i]];
      if (place == 1 && cells[i] == "step")
        step_ = i;
      else if (place == 1 && cells[i] == "epoch")
        epoch_ = i;
      else
        columns_[i] = metric({cells[i], place});
    }
    if (step_ == nowhere)
      throw UserError(
          fmt::format("{} has no column 'step'; expected what Lightning's CSVLogger "
                      "writes",
                      file_.string()));
  }

  std::size_t metric(const std::pair<std::string, int>& column) {
    const auto [found, is_new] = places_.try_emplace(column, metrics_.size());
    if (is_new) {
      metrics_.push_back(column.first);
      texts_.emplace_back();
      last_steps_.emplace_back();
    }
    return found->second;
  }

  void read_row(const Cells& cells) {
    Row row{step_of(cells), epoch_of(cells), {}};
    for (std::size_t i = 0; i < std::min(cells.size(), columns_.size()); ++i)
      if (columns_[i] != nowhere && !is_blank(cells[i])) read_cell(cells[i], columns_[i], row);
    const auto beyond = std::span(cells).subspan(std::min(cells.size(), columns_.size()));
    if (!std::ranges::all_of(beyond, is_blank) && ++long_rows_ == 1) first_long_row_ = row_;
    leave_out_what_was_given_up(row);
    for (const auto& [metric, value] : row.values) last_steps_[metric] = row.step;
    rows_.push_back(std::move(row));
  }

  void read_cell(const std::string& text, std::size_t metric, Row& row) {
    if (const auto value = number_in(text)) {
      row.values.emplace_back(static_cast<std::uint32_t>(metric), *value);
      return;
    }
    auto& texts = texts_[metric];
    if (++texts.count == 1) texts = {1, row_, text};
  }

  /// A metric whose steps go back was measured again, from a checkpoint on.
  void leave_out_what_was_given_up(const Row& row) {
    const auto goes_back = [&](const auto& value) {
      const auto& last = last_steps_[value.first];
      return last && *last > row.step;
    };
    const auto value = std::ranges::find_if(row.values, goes_back);
    if (value == row.values.end()) return;
    const auto before = *last_steps_[value->first];
    std::size_t points = 0;
    std::erase_if(rows_, [&](const Row& earlier) {
      if (earlier.step < row.step) return false;
      points += earlier.values.size();
      return true;
    });
    for (auto& last : last_steps_)
      if (last && *last >= row.step) last.reset();
    warnings_.push_back(fmt::format(
        "{}, row {}: step {} comes after step {}: the run went on from an earlier "
        "step; {} that it gave up {} left out",
        file_.string(), row_, row.step, before, counted(static_cast<std::int64_t>(points), "point"),
        points == 1 ? "is" : "are"));
  }

  static std::string_view cell(const Cells& cells, std::size_t column) {
    return column < cells.size() ? std::string_view(cells[column]) : "";
  }

  std::int64_t step_of(const Cells& cells) const {
    const auto text = cell(cells, step_);
    const auto value = number_in(text);
    if (const auto step = value ? whole_number(*value) : std::nullopt) return *step;
    throw UserError(fmt::format(
        "{}, row {}: {}", file_.string(), row_,
        text.empty() ? std::string("there is no step") : fmt::format("'{}' is no step", text)));
  }

  /// A NaN is none.
  std::optional<double> epoch_of(const Cells& cells) const {
    const auto epoch = number_in(cell(cells, epoch_));
    return epoch && std::isfinite(*epoch) ? epoch : std::nullopt;
  }

  void find_ends_of_epochs() {
    for (const auto& row : rows_)
      if (row.epoch) {
        auto& last = ends_.try_emplace(*row.epoch, row.step).first->second;
        last = std::max(last, row.step);
      }
  }

  double epochs_done(const Row& row) const {
    if (!row.epoch) return std::numeric_limits<double>::quiet_NaN();
    const auto end = ends_.find(*row.epoch);
    const auto before = end == ends_.begin() ? -1 : std::prev(end)->second;
    return *row.epoch + (end->second > before ? static_cast<double>(row.step - before) /
                                                    static_cast<double>(end->second - before)
                                              : 1.0);
  }

  void warn_of_cells() {
    for (std::size_t metric = 0; metric < metrics_.size(); ++metric)
      if (const auto& [count, row, first] = texts_[metric]; count > 0)
        warnings_.push_back(fmt::format(
            "{}, column '{}': {}", file_.string(), metrics_[metric],
            count == 1
                ? fmt::format("'{}' in row {} is no number, and is left out", first, row)
                : fmt::format("{} cells are no numbers, and are left out; the first is '{}' in "
                              "row {}",
                              count, first, row)));
    if (long_rows_ > 0)
      warnings_.push_back(fmt::format(
          "{}, row {}: more cells than the header has; what has no column is left out, in {}",
          file_.string(), first_long_row_, counted(long_rows_, "row")));
  }

  const fs::path file_;
  const std::string text_;
  std::size_t row_ = 0;  ///< that is read, from 1
  std::size_t step_ = nowhere, epoch_ = nowhere;
  std::vector<std::size_t> columns_;                           ///< to metrics
  std::map<std::pair<std::string, int>, std::size_t> places_;  ///< of metrics, by column
  std::vector<std::string> metrics_, warnings_;
  std::vector<Texts> texts_;                             ///< by metric
  std::vector<std::optional<std::int64_t>> last_steps_;  ///< by metric
  std::vector<Row> rows_;
  std::map<double, std::int64_t> ends_;  ///< of each epoch, its last step
  std::int64_t long_rows_ = 0;
  std::size_t first_long_row_ = 0;
};

}  // namespace

Imported read_lightning(const fs::path& folder) {
  Imported run;
  run.format = "Lightning";
  const auto file = folder / "metrics.csv", hparams = folder / "hparams.yaml";
  MetricsTable table(file);
  run.started = run.ended = written_at(file);
  if (fs::exists(hparams)) {
    run.config_text = read_text(hparams);
    run.config_file = "hparams.yaml";
    run.config = read_hparams(hparams);
    // Lightning writes it when the training begins.
    run.started = std::min(run.ended, written_at(hparams));
  }
  run.digest = sha256(table.text() + '\0' + run.config_text);
  table.move_into(run, run.ended);
  return run;
}

}  // namespace runner
