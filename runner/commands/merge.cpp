#include "runner/commands/merge.hpp"

#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/merge.hpp"
#include "experiments/merge_files.hpp"
#include "experiments/other_database.hpp"
#include "registry/counted.hpp"
#include "runner/commands/options.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

struct MergeOptions {
  std::vector<std::filesystem::path> files;
  bool copy = false, json = false;
  std::optional<std::filesystem::path> database;
};

void tell(const std::filesystem::path& file, const Merged& merged,
          std::optional<std::int64_t> copied, bool json) {
  if (json) {
    nlohmann::ordered_json out{{"file", file.string()},
                               {"came", merged.came},
                               {"updated", merged.updated},
                               {"there", merged.there}};
    if (copied) out["copied"] = *copied;
    fmt::print("{}\n", dumped(out));
    return;
  }
  fmt::print("{}: {} came, {} brought up to date, {} there already{}\n", file.string(),
             counted(merged.came, "run"), merged.updated, merged.there,
             copied ? fmt::format("; {} copied", counted(*copied, "checkpoint")) : "");
}

int merge_files(const MergeOptions& options) {
  // Before there is a database that nothing comes into.
  for (const auto& file : options.files) refuse_unusable(file);
  auto store = Store::create_or_open(find_database(options.database));
  for (const auto& file : options.files) {
    const auto merged = merge(store, file);
    const auto copied = options.copy ? std::optional(copy_merged_files(store)) : std::nullopt;
    tell(file, merged, copied, options.json);
  }
  return 0;
}

}  // namespace

void add_merge(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<MergeOptions>();
  auto* command = app.add_subcommand(
      "merge", "Bring the runs and sweeps of other databases into this one; again changes nothing");
  command
      ->add_option("FILE", options->files,
                   "Other databases, e.g. from a cluster; they are only read, and checkpoints and "
                   "logs stay where they are unless --copy is given")
      ->required()
      ->type_name("");
  command->add_flag("--copy", options->copy,
                    "Copy checkpoints and logs, too: then the other folder can go");
  command->add_flag("--json", options->json, "What came as an object a line");
  add_database(*command, options->database);
  command->callback([options, &chosen] { chosen = [options] { return merge_files(*options); }; });
}

}  // namespace runner
