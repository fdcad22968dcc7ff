#include "runner/commands/export.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "registry/counted.hpp"
#include "registry/datasets/input_file.hpp"
#include "registry/description.hpp"
#include "runner/commands/chosen_runs.hpp"
#include "runner/commands/options.hpp"
#include "runner/exchange/format.hpp"
#include "runner/exchange/metrics.hpp"
#include "runner/exchange/mlflow.hpp"
#include "runner/exchange/parquet.hpp"
#include "runner/exchange/tensorboard_export.hpp"
#include "runner/exchange/text_tables.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/record/weights.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  ChosenRuns runs;
  fs::path to;
  std::string format;
  std::vector<std::string> metrics;
  bool wide = false, averaged = false, raw = false, overwrite = false, json = false;
  std::optional<fs::path> database;
};

/// What was written where, unless standard output has it.
void tell(const ExportOptions& options, const std::string& text, Json object) {
  if (options.to == "-") return;
  object["to"] = options.to.string();
  fmt::print("{}\n", options.json ? dumped(object) : text);
}

/// Gives the number of bytes.
std::size_t copy_weights(const fs::path& from, const fs::path& to) {
  InputFile in(from);
  Output out(to);
  const auto copied = in.for_each_piece([&](std::span<const std::byte> piece) {
    out.write({reinterpret_cast<const char*>(piece.data()), piece.size()});
  });
  if (copied != in.size())
    throw StoreError(fmt::format("{} was written to while it was read", from.string()));
  out.commit();
  return copied;
}

int export_weights(const ExportOptions& options) {
  Store store = Store::open(find_database(options.database));
  // A name may say which checkpoint.
  const auto runs = options.runs.where.empty() ? options.runs.references
                                               : find_runs(store.database(), options.runs);
  if (runs.size() != 1) throw UserError("weights are those of one run: name one for each file");
  refuse_to_overwrite(options.to, options.overwrite);
  const auto which = options.averaged ? WhichWeights::averaged
                     : options.raw    ? WhichWeights::raw
                                      : WhichWeights::usual;
  const auto found = find_weights(store, runs.front(), which);
  const auto& from = found.file;
  const auto bytes = copy_weights(from, options.to);
  tell(
      options,
      fmt::format("{}: {} bytes, from {}{}", options.to.string(), bytes, from.string(),
                  found.averaged && !options.averaged
                      ? " (the averaged weights, by which the run was evaluated; --raw: the others)"
                      : ""),
      {{"bytes", bytes}, {"from", from.string()}, {"averaged", found.averaged}});
  return 0;
}

void export_table(const ExportOptions& options, ExportFormat format, const Database& database,
                  const std::vector<std::string>& ids) {
  const auto shape = options.wide ? PointTable::Shape::wide : PointTable::Shape::longer;
  const PointTable table(database, ids, options.metrics, shape);
  std::int64_t rows = 0;
  if (format == ExportFormat::parquet) {
    rows = write_parquet(table, options.to);
  } else {
    Output output(options.to);
    rows = format == ExportFormat::csv ? write_csv(table, output) : write_json_lines(table, output);
    output.commit();
  }
  tell(options,
       fmt::format("{}: {} of {}", options.to.string(), counted(rows, "row"),
                   counted(std::ssize(ids), "run")),
       {{"runs", ids.size()}, {"rows", rows}});
}

/// Nothing, or what an export has left that was killed.
bool is_unfinished(const fs::path& folder) {
  std::error_code none;
  return std::ranges::all_of(fs::directory_iterator(folder, none), [](const auto& entry) {
    return entry.path().filename().string().starts_with(".runner-");
  });
}

void export_to_tensorboard(const ExportOptions& options, const Database& database,
                           const std::vector<std::string>& ids) {
  refuse_unknown_metrics(database, ids, options.metrics);
  const auto folder = [&](const auto& id) { return options.to / tensorboard_name(database, id); };
  for (const auto& id : ids)
    if (!is_unfinished(folder(id))) refuse_to_overwrite(folder(id), options.overwrite);
  for (const auto& id : ids) write_tensorboard(database, id, options.metrics, folder(id));
  tell(options,
       fmt::format("{}: event files of {}", options.to.string(), counted(std::ssize(ids), "run")),
       {{"runs", ids.size()}});
}

void export_to_mlflow(const ExportOptions& options, const Database& database,
                      const std::vector<std::string>& ids) {
  write_mlflow(database, ids, options.metrics, options.to);
  tell(options,
       fmt::format("{}: {}; {}", options.to.string(), counted(std::ssize(ids), "run"),
                   shell_command({"mlflow", "ui", "--backend-store-uri",
                                  "sqlite:///" + options.to.string()})),
       {{"runs", ids.size()}});
}

/// What the format has no use for.
void refuse_what_is_ignored(const ExportOptions& options, ExportFormat format) {
  const bool is_table = format == ExportFormat::csv || format == ExportFormat::json_lines ||
                        format == ExportFormat::parquet;
  const bool is_weights = format == ExportFormat::weights;
  if (options.wide && !is_table) throw UserError("--wide is of tables: csv, jsonl and parquet");
  if (!options.metrics.empty() && is_weights)
    throw UserError("--metric is of metrics, and a safetensors file holds weights");
  if (options.averaged && !is_weights)
    throw UserError("--ema is of weights: --to FILE.safetensors");
  if (options.raw && !is_weights) throw UserError("--raw is of weights: --to FILE.safetensors");
  if (options.json && options.to == "-")
    throw UserError("--json says what was written, and standard output has the points themselves");
}

int export_runs(const ExportOptions& options) {
  const auto format = export_format(options.format, options.to);
  refuse_what_is_ignored(options, format);
  const bool is_text = format == ExportFormat::csv || format == ExportFormat::json_lines;
  if (options.to == "-" && !is_text)
    throw UserError("only csv and jsonl can go to standard output");
  if (format == ExportFormat::weights) return export_weights(options);
  auto store = Store::open(find_database(options.database));
  const auto& database = store.database();
  const auto ids = find_runs(database, options.runs);
  if (format == ExportFormat::tensorboard) {
    export_to_tensorboard(options, database, ids);
    return 0;
  }
  refuse_to_overwrite(options.to, options.overwrite);
  if (format == ExportFormat::mlflow)
    export_to_mlflow(options, database, ids);
  else
    export_table(options, format, database, ids);
  return 0;
}

}  // namespace

void add_export(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ExportOptions>();
  auto* command = app.add_subcommand(
      "export", "Write metrics of runs for other programs, or a run's weights as safetensors");
  add_runs(*command, options->runs,
           "Runs, each an id or its beginning, a name (its latest run), or last; of weights one, "
           "or its checkpoint: RUN@last, RUN@best or RUN@STEP");
  command
      ->add_option("--to", options->to,
                   "The file: .csv, .jsonl, .parquet, .db (a new store of MLflow's) or "
                   ".safetensors; for tensorboard a folder; - is standard output")
      ->required()
      ->type_name("FILE");
  command->add_option("--format", options->format, "Where the file's ending does not say it")
      ->type_name("{csv,jsonl,parquet,tensorboard,mlflow,safetensors}");
  command
      ->add_option("--metric", options->metrics,
                   "Only these, e.g. eval/accuracy or 'eval/*'; may be given several times")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_flag("--wide", options->wide,
                    "A row for each step and a column for each metric, instead of a row for each "
                    "point (csv, jsonl, parquet)");
  auto* averaged = command->add_flag("--ema", options->averaged,
                                     "The averaged weights; an error where the run has none");
  command
      ->add_flag("--raw", options->raw,
                 "Of a run with train.ema_decay, not the averaged weights but the others")
      ->excludes(averaged);
  command->add_flag("--force", options->overwrite, "Overwrite what is there");
  command->add_flag("--json", options->json, "What was written as an object");
  add_database(*command, options->database);
  command->callback([options, &chosen] { chosen = [options] { return export_runs(*options); }; });
}

}  // namespace runner
