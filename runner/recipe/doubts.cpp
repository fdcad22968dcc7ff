#include "runner/recipe/doubts.hpp"

#include "experiments/error.hpp"
#include "registry/counted.hpp"
#include "registry/datasets/datasets.hpp"
#include "runner/recipe/run_length.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

class Doubting {
 public:
  explicit Doubting(const Recipe& recipe) : recipe_(recipe), length_(run_length(recipe.config)) {}

  std::vector<Doubt> doubts() {
    doubt_warmups(recipe_.config.at("scheduler"), "scheduler");
    doubt_patience();
    doubt_batch_size();
    return std::move(doubts_);
  }

 private:
  void add(const std::string& path, const std::string& message, bool trains_nothing = false) {
    doubts_.push_back({path, origin_of(recipe_, path), message, trains_nothing});
  }

  /// Of a scheduler, and of those that it is made of.
  void doubt_warmups(const Json& scheduler, const std::string& path) {
    if (const auto warmup = scheduler.find("warmup");
        warmup != scheduler.end() && !warmup->is_null())
      doubt_warmup(warmup->get<std::string>(), scheduler.at("warmup_start"), path + ".warmup");
    const auto parts = scheduler.value("schedulers", Json::array());
    for (std::size_t i = 0; i < parts.size(); ++i)
      doubt_warmups(parts[i], fmt::format("{}.schedulers[{}]", path, i));
  }

  void doubt_warmup(const std::string& warmup, double start, const std::string& path) {
    const auto steps = length_.after(*parse_interval(warmup)).first_step;
    const auto run = counted(length_.last_step, "step");
    if (steps >= length_.last_step && length_.last_step == 1 && start == 0)
      add(path,
          fmt::format(
              "{} is {} and begins at a learning rate of 0, which is that of the run's only "
              "step: nothing would be trained; expected a longer run or a warmup_start",
              path, warmup),
          true);
    else if (steps > length_.last_step)
      add(path, fmt::format("{} is {}, and the run has {}: the learning rate never comes to the "
                            "optimizer's lr",
                            path, warmup, run));
  }

  void doubt_patience() {
    const auto patience = recipe_.config.at("early_stopping").at("patience");
    if (patience.is_null()) return;
    const auto eval = from_json<Eval>(recipe_.config.at("eval"));
    const bool evaluates =
        eval.every &&
        (eval.every->is_time() || length_.after(*eval.every).first_step < length_.last_step);
    if (evaluates) return;
    const auto every = eval.every ? to_string(*eval.every) : "null";
    add("early_stopping.patience",
        fmt::format("early_stopping.patience is {}, but eval.every is {}: without an evaluation "
                    "before the run's end nothing is stopped early",
                    patience.dump(), every));
  }

  void doubt_batch_size() {
    const auto size = recipe_.config.at("train").at("batch_size").get<std::int64_t>();
    const auto samples = look_at_dataset(recipe_.config.at("dataset")).training_samples();
    if (size > samples)
      add("train.batch_size",
          fmt::format("train.batch_size is {}, but there are {}: each step takes all of them", size,
                      counted(samples, "training sample")));
  }

  const Recipe& recipe_;
  Length length_;
  std::vector<Doubt> doubts_;
};

}  // namespace

std::vector<Doubt> doubts_of(const Recipe& recipe) { return Doubting(recipe).doubts(); }

std::vector<std::string> warnings_of(const std::vector<Doubt>& doubts) {
  std::vector<std::string> lines;
  for (const auto& doubt : doubts) {
    lines.push_back(located(doubt.origin, doubt.message));
    if (doubt.trains_nothing) throw UserError(lines.back());
  }
  return lines;
}

std::string origin_of(const Recipe& recipe, const std::string& path) {
  const auto found =
      std::ranges::find_if(recipe.origins, [&](const auto& each) { return each.first == path; });
  return found == recipe.origins.end() ? "default" : found->second;
}

std::string located(const std::string& origin, const std::string& message) {
  const bool in_file = origin != "default" && !origin.starts_with("argument ");
  return in_file ? fmt::format("{}: {}", origin, message) : message;
}

}  // namespace runner
