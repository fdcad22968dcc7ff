#include "runner/exchange/lightning.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/digest.hpp"
#include "runner/exchange/csv_file.hpp"
#include "runner/exchange/hparams_file.hpp"
#include "runner/exchange/read_text.hpp"
#include "runner/exchange/whole_number.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <map>

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

/// A CSVLogger's table: metrics beside the columns `step` and `epoch`.
class MetricsTable {
 public:
  explicit MetricsTable(const fs::path& file)
      : file_(file), text_(read_text(file)), rows_(read_csv(without_mark(text_))) {
    if (rows_.empty()) return;
    const auto& header = rows_.front();
    for (std::size_t i = 0; i < header.size(); ++i)
      if (header[i] == "step")
        step_ = i;
      else if (header[i] == "epoch")
        epoch_ = i;
    if (step_ == nowhere)
      throw UserError(
          fmt::format("{} has no column 'step'; expected what Lightning's CSVLogger "
                      "writes",
                      file.string()));
  }

  const std::string& text() const { return text_; }

  void read_into(Imported& run, std::int64_t time) {
    find_ends_of_epochs();
    for (std::size_t column = 0; !rows_.empty() && column < rows_.front().size(); ++column) {
      if (column == step_ || column == epoch_) continue;
      if (const auto row = first_text(column)) {
        run.passed_by.push_back(fmt::format("{}, column '{}': '{}' in row {} is no number",
                                            file_.string(), rows_.front()[column],
                                            rows_[*row][column], *row + 1));
        continue;
      }
      const auto series = static_cast<std::uint32_t>(run.metrics.size());
      run.metrics.push_back(rows_.front()[column]);
      for (std::size_t row = 1; row < rows_.size(); ++row)
        if (const auto value = number(row, column))
          run.points.push_back({series, step_of(row), epochs_done(row), *value, time});
    }
  }

 private:
  std::string_view cell(std::size_t row, std::size_t column) const {
    return column < rows_[row].size() ? std::string_view(rows_[row][column]) : "";
  }

  /// Empty where there is nothing, or something else.
  std::optional<double> number(std::size_t row, std::size_t column) const {
    const auto text = cell(row, column);
    const auto* last = text.data() + text.size();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), last, value);
    return error == std::errc() && end == last ? std::optional(value) : std::nullopt;
  }

  /// The first row of a column that has something else than a number.
  std::optional<std::size_t> first_text(std::size_t column) const {
    for (std::size_t row = 1; row < rows_.size(); ++row)
      if (!cell(row, column).empty() && !number(row, column)) return row;
    return std::nullopt;
  }

  std::int64_t step_of(std::size_t row) const {
    const auto value = number(row, step_);
    if (const auto step = value ? whole_number(*value) : std::nullopt) return *step;
    const auto text = cell(row, step_);
    throw UserError(fmt::format(
        "{}, row {}: {}", file_.string(), row + 1,
        text.empty() ? std::string("there is no step") : fmt::format("'{}' is no step", text)));
  }

  /// A NaN is none.
  std::optional<double> epoch_of(std::size_t row) const {
    const auto epoch = epoch_ == nowhere ? std::nullopt : number(row, epoch_);
    return epoch && std::isfinite(*epoch) ? epoch : std::nullopt;
  }

  void find_ends_of_epochs() {
    for (std::size_t row = 1; row < rows_.size(); ++row)
      if (const auto epoch = epoch_of(row)) {
        auto& last = last_steps_.try_emplace(*epoch, step_of(row)).first->second;
        last = std::max(last, step_of(row));
      }
  }

  double epochs_done(std::size_t row) const {
    const auto epoch = epoch_of(row);
    if (!epoch) return std::numeric_limits<double>::quiet_NaN();
    const auto end = last_steps_.find(*epoch);
    const auto before = end == last_steps_.begin() ? -1 : std::prev(end)->second;
    return *epoch + (end->second > before ? static_cast<double>(step_of(row) - before) /
                                                static_cast<double>(end->second - before)
                                          : 1.0);
  }

  const fs::path file_;
  const std::string text_;
  const std::vector<std::vector<std::string>> rows_;
  std::size_t step_ = nowhere, epoch_ = nowhere;
  std::map<double, std::int64_t> last_steps_;  // of each epoch
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
  table.read_into(run, run.ended);
  return run;
}

}  // namespace runner
