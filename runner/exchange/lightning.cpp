#include "runner/exchange/lightning.hpp"

#include "experiments/error.hpp"
#include "registry/counted.hpp"
#include "registry/data/csv_rows.hpp"
#include "registry/datasets/digest.hpp"
#include "runner/exchange/given_up.hpp"
#include "runner/exchange/hparams_file.hpp"
#include "runner/exchange/read_text.hpp"
#include "runner/exchange/whole_number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
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

struct Row {
  std::size_t number;  ///< in the file, from 1
  std::int64_t step;
  std::optional<double> epoch;
  std::vector<std::pair<std::uint32_t, double>> values;  ///< by metric
};

/// Reads a CSVLogger's table row by row: metrics beside the columns `step` and `epoch`. A logger
/// that goes on after an interruption may write the header again, with other columns.
class RowReader {
 public:
  using Use = std::function<void(const Row&)>;

  RowReader(const fs::path& file, Use use) : file_(file), use_(std::move(use)) {}

  void read(const CsvRows::Cells& cells) {
    ++row_.number;
    if (row_.number == 1 || is_header(cells))
      read_header(cells);
    else
      read_row(cells);
  }

  std::vector<std::string> take_metrics() { return std::move(metrics_); }
  void warn_of_cells(std::vector<std::string>& warnings) const;

 private:
  using Cells = CsvRows::Cells;
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
    }
    return found->second;
  }

  void read_row(const Cells& cells) {
    row_.step = step_of(cells);
    row_.epoch = epoch_of(cells);
    row_.values.clear();
    for (std::size_t i = 0; i < std::min(cells.size(), columns_.size()); ++i)
      if (columns_[i] != nowhere && !is_blank(cells[i])) read_cell(cells[i], columns_[i]);
    const auto beyond = std::span(cells).subspan(std::min(cells.size(), columns_.size()));
    if (!std::ranges::all_of(beyond, is_blank) && ++long_rows_ == 1) first_long_row_ = row_.number;
    use_(row_);
  }

  void read_cell(const std::string& text, std::size_t metric) {
    if (const auto value = number_in(text)) {
      row_.values.emplace_back(static_cast<std::uint32_t>(metric), *value);
      return;
    }
    auto& texts = texts_[metric];
    if (++texts.count == 1) texts = {1, row_.number, text};
  }

  static std::string_view cell(const Cells& cells, std::size_t column) {
    return column < cells.size() ? std::string_view(cells[column]) : "";
  }

  std::int64_t step_of(const Cells& cells) const {
    const auto text = cell(cells, step_);
    const auto value = number_in(text);
    if (const auto step = value ? whole_number(*value) : std::nullopt) return *step;
    throw UserError(fmt::format(
        "{}, row {}: {}", file_.string(), row_.number,
        text.empty() ? std::string("there is no step") : fmt::format("'{}' is no step", text)));
  }

  /// A NaN is none.
  std::optional<double> epoch_of(const Cells& cells) const {
    const auto epoch = number_in(cell(cells, epoch_));
    return epoch && std::isfinite(*epoch) ? epoch : std::nullopt;
  }

  const fs::path& file_;
  const Use use_;
  Row row_{};
  std::size_t step_ = nowhere, epoch_ = nowhere;
  std::vector<std::size_t> columns_;                           ///< to metrics
  std::map<std::pair<std::string, int>, std::size_t> places_;  ///< of metrics, by column
  std::vector<std::string> metrics_;
  std::vector<Texts> texts_;  ///< by metric
  std::int64_t long_rows_ = 0;
  std::size_t first_long_row_ = 0;
};

void RowReader::warn_of_cells(std::vector<std::string>& warnings) const {
  for (std::size_t metric = 0; metric < metrics_.size(); ++metric)
    if (const auto& [count, row, first] = texts_[metric]; count > 0)
      warnings.push_back(fmt::format(
          "{}, column '{}': {}", file_.string(), metrics_[metric],
          count == 1 ? fmt::format("'{}' in row {} is no number, and is left out", first, row)
                     : fmt::format("{} cells are no numbers, and are left out; the first is '{}' "
                                   "in row {}",
                                   count, first, row)));
  if (long_rows_ > 0)
    warnings.push_back(fmt::format(
        "{}, row {}: more cells than the header has; what has no column is left out, in {}",
        file_.string(), first_long_row_, counted(long_rows_, "row")));
}

/// Finds the metrics whose steps go back: they were measured again, from a checkpoint on.
class Resumes {
 public:
  struct Resume {
    std::size_t row;
    std::int64_t before, step;
    std::int64_t points = 0;  ///< that it gave up
  };

  void read(const Row& row) {
    for (const auto& [metric, value] : row.values) {
      if (metric >= last_steps_.size()) last_steps_.resize(metric + 1);
      const auto& last = last_steps_[metric];
      if (!last || *last <= row.step) continue;
      all_.push_back({row.number, *last, row.step});
      given_up_.add(row.number, row.step);
      for (auto& other : last_steps_)
        if (other && *other >= row.step) other.reset();
      break;
    }
    for (const auto& [metric, value] : row.values) {
      if (metric >= last_steps_.size()) last_steps_.resize(metric + 1);
      last_steps_[metric] = row.step;
    }
  }

  void complete() { given_up_.complete(); }
  /// Whether the row was given up, which counts its points.
  bool count(const Row& row) {
    const auto resume = given_up_.which(row.number, row.step);
    if (resume) all_[*resume].points += std::ssize(row.values);
    return resume.has_value();
  }
  bool contains(const Row& row) const { return given_up_.contains(row.number, row.step); }

  void warn(const fs::path& file, std::vector<std::string>& warnings) const {
    for (const auto& [row, before, step, points] : all_)
      warnings.push_back(fmt::format(
          "{}, row {}: step {} comes after step {}: the run went on from an earlier "
          "step; {} that it gave up {} left out",
          file.string(), row, step, before, counted(points, "point"), points == 1 ? "is" : "are"));
  }

 private:
  std::vector<Resume> all_;
  std::vector<std::optional<std::int64_t>> last_steps_;  ///< by metric
  GivenUp given_up_;
};

/// The last steps of the epochs, which Lightning counts from 0.
class Epochs {
 public:
  void read(const Row& row) {
    if (!row.epoch) return;
    auto& last = ends_.try_emplace(*row.epoch, row.step).first->second;
    last = std::max(last, row.step);
  }

  /// How many are done at the row's step.
  double done(const Row& row) const {
    const auto end = row.epoch ? ends_.find(*row.epoch) : ends_.end();
    if (end == ends_.end()) return std::numeric_limits<double>::quiet_NaN();
    const auto before = end == ends_.begin() ? -1 : std::prev(end)->second;
    return *row.epoch + (end->second > before ? static_cast<double>(row.step - before) /
                                                    static_cast<double>(end->second - before)
                                              : 1.0);
  }

 private:
  std::map<double, std::int64_t> ends_;
};

/// Reads a table three times, row by row: what is in it, what of that stays, and the points.
class MetricsTable {
 public:
  /// The digest is of the file and of what is beside it.
  MetricsTable(fs::path file, std::string beside)
      : file_(std::move(file)), beside_('\0' + std::move(beside)) {
    RowReader rows(file_, [this](const Row& row) { resumes_.read(row); });
    bytes_ = pass(rows, std::numeric_limits<std::uint64_t>::max(), &digest_);
    resumes_.complete();
    RowReader staying(file_, [this](const Row& row) {
      if (!resumes_.count(row)) epochs_.read(row);
    });
    pass(staying, bytes_);
    resumes_.warn(file_, warnings_);
    rows.warn_of_cells(warnings_);
    metrics_ = rows.take_metrics();
  }

  const std::string& digest() const { return digest_; }
  const std::vector<std::string>& metrics() const { return metrics_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

  void for_each_point(std::int64_t time, const Imported::UsePoint& use) const {
    RowReader rows(file_, [&](const Row& row) {
      if (resumes_.contains(row)) return;
      for (const auto& [metric, value] : row.values) {
        if (metric >= metrics_.size()) refuse_changed(file_);
        use({metric, row.step, epochs_.done(row), value, time});
      }
    });
    std::string digest;
    pass(rows, bytes_, &digest);
    if (digest != digest_) refuse_changed(file_);
  }

 private:
  /// Gives how many bytes were read.
  std::uint64_t pass(RowReader& rows, std::uint64_t bytes, std::string* digest = nullptr) const {
    CsvRows csv([&](const CsvRows::Cells& cells) { rows.read(cells); });
    Sha256 sum;
    bool begins = true;
    const auto read = for_each_piece(
        file_,
        [&](std::string_view piece) {
          if (digest) sum.update(std::as_bytes(std::span(piece)));
          csv.read(std::exchange(begins, false) ? without_mark(piece) : piece);
        },
        bytes);
    csv.end();
    if (digest) {
      sum.update(std::as_bytes(std::span(std::string_view(beside_))));
      *digest = sum.hex();
    }
    return read;
  }

  const fs::path file_;
  const std::string beside_;
  std::uint64_t bytes_ = 0;
  std::string digest_;
  std::vector<std::string> metrics_, warnings_;
  Resumes resumes_;
  Epochs epochs_;
};

}  // namespace

Imported read_lightning(const fs::path& folder) {
  Imported run;
  run.format = "Lightning";
  const auto file = folder / "metrics.csv", hparams = folder / "hparams.yaml";
  const bool has_hparams = fs::exists(hparams);
  if (has_hparams) {
    run.config_text = read_text(hparams);
    run.config_file = "hparams.yaml";
    run.config = read_hparams(hparams);
  }
  const auto table = std::make_shared<MetricsTable>(file, run.config_text);
  run.started = run.ended = written_at(file);
  // Lightning writes it when the training begins.
  if (has_hparams) run.started = std::min(run.ended, written_at(hparams));
  run.digest = table->digest();
  run.metrics = table->metrics();
  run.warnings = table->warnings();
  run.for_each_point = [table, time = run.ended](const Imported::UsePoint& use) {
    table->for_each_point(time, use);
  };
  return run;
}

}  // namespace runner
