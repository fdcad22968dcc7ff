#include "runner/record/weights.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/reference.hpp"
#include "registry/datasets/mapped_file.hpp"
#include "registry/datasets/safetensors_header.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

std::string steps_of(const std::vector<Checkpoint>& all) {
  std::vector<std::int64_t> steps;
  steps.reserve(all.size());
  for (const auto& checkpoint : all) steps.push_back(checkpoint.step);
  return fmt::format("{}", fmt::join(steps, ", "));
}

std::string why_none_is_best(const std::vector<Checkpoint>& all, const std::string& run_id,
                             const std::string& metric) {
  for (const auto& checkpoint : all)
    if (const auto value = measured(checkpoint, metric))
      return fmt::format(
          "no checkpoint of run {} is the best: {} is {} at step {}; expected a step "
          "of {}",
          run_id, metric, std::isnan(*value) ? "NaN" : "infinite", checkpoint.step, steps_of(all));
  return fmt::format("no checkpoint of run {} was measured by {}", run_id, metric);
}

Checkpoint choose(Store& store, const std::string& run_id, const std::string& which) {
  const auto all = store.checkpoints(run_id);
  if (all.empty()) throw UserError(fmt::format("run {} has no checkpoint", run_id));
  if (which == "last") return all.front();
  if (which == "best") {
    const auto config = Json::parse(read_run(store.database(), run_id).run.config);
    const auto save = from_json<Save>(config.at("save"));
    if (auto best = best_of(all, save)) return *best;
    throw UserError(why_none_is_best(all, run_id, save.keep_best.metric));
  }
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& checkpoint) {
    return std::to_string(checkpoint.step) == which;
  });
  if (found != all.end()) return *found;
  throw UserError(fmt::format("run {} has no checkpoint '{}'; expected last, best or a step of {}",
                              run_id, which, steps_of(all)));
}

bool looks_like_file(const std::string& what) {
  return what.find('/') != std::string::npos || what.ends_with(".safetensors");
}

FoundWeights find_weights_of_run(const std::filesystem::path& database, const InitFrom& options,
                                 const std::string& except) try {
  auto store = Store::open(database);
  return find_weights(store, *options.weights,
                      options.average ? WhichWeights::usual : WhichWeights::raw, except);
} catch (const UserError& error) {
  throw UserError(fmt::format("init_from.weights: {}", error.what()));
}

}  // namespace

std::optional<FoundWeights> find_initial_weights(const std::filesystem::path& database,
                                                 const InitFrom& options,
                                                 const std::string& except) {
  if (!options.weights) return std::nullopt;
  const auto& what = *options.weights;
  if (!std::filesystem::exists(what)) {
    if (looks_like_file(what)) throw UserError(fmt::format("init_from.weights: no file {}", what));
    if (!std::filesystem::exists(database))
      throw UserError(fmt::format("init_from.weights: no run '{}': there is no database at {} yet",
                                  what, database.string()));
    return find_weights_of_run(database, options, except);
  }
  if (!std::filesystem::is_regular_file(what) || !safetensors_header(map_file(what).bytes))
    throw UserError(fmt::format("init_from.weights: {} is no safetensors file", what));
  return FoundWeights{std::filesystem::absolute(what), false, ""};
}

FoundWeights find_weights(Store& store, const std::string& reference, WhichWeights which,
                          const std::string& except) {
  const auto at = reference.rfind('@');
  const auto run_id = find_run(store.database(), reference.substr(0, at), except);
  const auto step = at == std::string::npos ? "last" : reference.substr(at + 1);
  const auto checkpoint = choose(store, run_id, step);
  if (const auto reason = damage(checkpoint); !reason.empty())
    throw StoreError(
        fmt::format("the checkpoint of step {} is of no use: {}", checkpoint.step, reason));
  const std::filesystem::path folder = checkpoint.folder;
  const auto averaged = folder / "ema.safetensors";
  const bool has_average = std::filesystem::exists(averaged);
  if (which == WhichWeights::averaged && !has_average)
    throw UserError(
        fmt::format("run {} has no averaged weights; train.ema_decay makes them", run_id));
  const auto fixed = fmt::format("{}@{}", run_id, checkpoint.step);
  if (which != WhichWeights::raw && has_average) return {averaged, true, fixed};
  return {folder / "model.safetensors", false, fixed};
}

}  // namespace runner
