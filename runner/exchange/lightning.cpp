#include "runner/exchange/lightning.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/digest.hpp"
#include "runner/exchange/csv_file.hpp"
#include "runner/exchange/hparams_file.hpp"
#include "runner/exchange/read_text.hpp"

#include <charconv>
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

/// A CSVLogger's table: metrics beside the columns `step` and `epoch`.
class MetricsTable {
 public:
  explicit MetricsTable(const fs::path& file)
      : file_(file), text_(read_text(file)), rows_(read_csv(text_)) {
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
      const auto series = static_cast<std::uint32_t>(run.metrics.size());
      run.metrics.push_back(rows_.front()[column]);
      for (std::size_t row = 1; row < rows_.size(); ++row)
        if (const auto value = number(row, column))
          run.points.push_back({series, step_of(row), epochs_done(row), *value, time});
    }
  }

 private:
  std::optional<double> number(std::size_t row, std::size_t column) const {
    const auto& cells = rows_[row];
    if (column >= cells.size() || cells[column].empty()) return std::nullopt;
    const auto& cell = cells[column];
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error == std::errc() && end == cell.data() + cell.size()) return value;
    throw UserError(fmt::format("{}, row {}: '{}' is no number", file_.string(), row + 1, cell));
  }

  std::int64_t step_of(std::size_t row) const {
    if (const auto step = number(row, step_)) return static_cast<std::int64_t>(*step);
    throw UserError(fmt::format("{}, row {}: there is no step", file_.string(), row + 1));
  }

  void find_ends_of_epochs() {
    for (std::size_t row = 1; row < rows_.size(); ++row)
      if (const auto epoch = number(row, epoch_)) {
        auto& last = last_steps_.try_emplace(*epoch, step_of(row)).first->second;
        last = std::max(last, step_of(row));
      }
  }

  double epochs_done(std::size_t row) const {
    const auto epoch = number(row, epoch_);
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
