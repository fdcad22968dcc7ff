#include "runner/commands/export.hpp"

#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "registry/datasets/atomic_file.hpp"
#include "registry/datasets/mapped_file.hpp"
#include "runner/commands/options.hpp"
#include "runner/record/weights.hpp"

#include <memory>
#include <optional>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string reference;
  fs::path to;
  bool averaged = false;
  bool overwrite = false;
  std::optional<fs::path> database;
};

void copy_whole(const fs::path& from, const fs::path& to) try {
  const auto file = map_file(from);
  AtomicFile copy(to);
  copy.write(file.bytes);
  copy.commit();
} catch (const std::system_error& error) {
  throw StoreError(fmt::format("cannot write {}: {}", to.string(), error.code().message()));
}

int export_weights(const Options& options) {
  if (fs::exists(options.to) && !options.overwrite)
    throw UserError(fmt::format("{} is there already; --force overwrites it", options.to.string()));
  Store store = Store::open(find_database(options.database));
  const auto from = find_weights(store, options.reference, options.averaged);
  copy_whole(from, options.to);
  fmt::print("{}: {} bytes, from {}\n", options.to.string(), fs::file_size(options.to),
             from.string());
  return 0;
}

}  // namespace

void add_export(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(
      "export", "Copy a run's weights to a file, as safetensors with PyTorch's names");
  command
      ->add_option("RUN", options->reference,
                   "A run, or its checkpoint: RUN, RUN@last, RUN@best or RUN@STEP")
      ->required();
  command->add_option("--to", options->to, "The file, e.g. model.safetensors")
      ->required()
      ->type_name("FILE");
  command->add_flag("--ema", options->averaged, "The averaged weights (train.ema_decay)");
  command->add_flag("--force", options->overwrite, "Overwrite the file if it is there");
  add_database(*command, options->database);
  command->callback(
      [options, &chosen] { chosen = [options] { return export_weights(*options); }; });
}

}  // namespace runner
