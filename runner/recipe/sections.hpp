#pragma once

#include "registry/description.hpp"
#include "registry/field.hpp"
#include "registry/goal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runner {

// What a recipe says besides its components, described as components are.

struct General {
  static constexpr auto summary = "what stands at the top of a recipe";

  std::string name;
  std::int64_t seed = 1;
  bool deterministic = false;
  bool detect_anomaly = false;
  std::string ledger = "off";

  static constexpr auto fields() {
    return std::tuple{
        field("name", &General::name, "what the runs are called; without it, the file's name"),
        field("seed", &General::seed,
              "of the weights, the order of the data and every random number", at_least(0)),
        field("deterministic", &General::deterministic,
              "only operations that give the same bits each time; on CPUs they all do"),
        field("detect_anomaly", &General::detect_anomaly,
              "look at what each operation gives, and name the first that makes a NaN; slow"),
        field("ledger", &General::ledger,
              "note the loss and the bits of all gradients and weights at each step, for bisect",
              one_of<"off", "on">),
    };
  }
};

struct Train {
  static constexpr auto summary = "how long and in what portions";

  std::int64_t batch_size = 64;
  std::int64_t epochs = 1;
  std::optional<std::int64_t> max_steps;
  std::optional<Interval> max_time;
  std::optional<std::int64_t> limit_batches;
  std::int64_t accumulate = 1;
  std::optional<std::int64_t> micro_batch_size;
  std::optional<double> clip_norm;
  std::optional<double> clip_value;
  std::optional<double> ema_decay;
  bool gradient_noise = false;
  bool cuda_graph = false;

  static constexpr auto fields() {
    return std::tuple{
        field("batch_size", &Train::batch_size,
              "samples per optimizer step, on any topology (global)", at_least(1)),
        field("epochs", &Train::epochs, "passes over the training samples", at_least(1)),
        field("max_steps", &Train::max_steps, "stop after so many optimizer steps", at_least(1)),
        field("max_time", &Train::max_time, "stop after so much training, e.g. 90 minutes"),
        field("limit_batches", &Train::limit_batches,
              "train on the first samples of the data, so many batches of them", at_least(1)),
        field("accumulate", &Train::accumulate,
              "parts in which each rank works off its share of the batch, to save memory",
              at_least(1)),
        field("micro_batch_size", &Train::micro_batch_size,
              "samples that a rank works on at once at most; accumulate follows", at_least(1)),
        field("clip_norm", &Train::clip_norm,
              "the gradients' norm is made at most this; recorded as train/grad_norm", above(0)),
        field("clip_value", &Train::clip_value, "each gradient is made at most this in size",
              above(0)),
        field("ema_decay", &Train::ema_decay,
              "evaluate an average of the weights that keeps this share of itself at each step",
              range(0, 1)),
        field("gradient_noise", &Train::gradient_noise,
              "record the gradient noise scale with the loss, for 1.5 more steps' time each"),
        field("cuda_graph", &Train::cuda_graph,
              "on one GPU, have it repeat a whole step by itself instead of being told each "
              "operation: for small models"),
    };
  }

  std::string conflict() const {
    if (max_time && !max_time->is_time()) return "max_time is a time such as '90 minutes'";
    if (micro_batch_size && accumulate > 1)
      return "accumulate follows from micro_batch_size; give one of them";
    if (accumulate > batch_size)
      return "a batch of " + std::to_string(batch_size) + " samples has no " +
             std::to_string(accumulate) + " parts (accumulate)";
    if (ema_decay && *ema_decay >= 1)
      return "ema_decay is 1, and an average that keeps all of itself never changes; expected "
             "less than 1";
    return "";
  }
};

struct Eval {
  static constexpr auto summary = "measuring on the evaluation samples";

  std::int64_t batch_size = 1000;
  std::optional<Interval> every = Interval{1, Unit::epochs};
  std::string on = "eval";
  std::optional<std::int64_t> limit_batches;
  Components<"metric"> metrics;

  static constexpr auto fields() {
    return std::tuple{
        field("batch_size", &Eval::batch_size,
              "samples per evaluation batch, at most: a CPU takes 128 at a time", at_least(1)),
        field("every", &Eval::every, "how often; null: only at the end"),
        field("on", &Eval::on, "the samples: those for evaluation, or those that are trained on",
              one_of<"eval", "train">),
        field("limit_batches", &Eval::limit_batches,
              "measure on the first samples only, so many batches of them", at_least(1)),
        field("metrics", &Eval::metrics, "what is measured besides eval/loss and eval/accuracy"),
    };
  }
};

struct Log {
  static constexpr auto summary = "recording of training metrics";

  Interval every{10, Unit::steps};
  double system_seconds = 10;

  static constexpr auto fields() {
    return std::tuple{
        field("every", &Log::every,
              "how often train/loss and train/lr are recorded, besides each epoch's end"),
        field("system_seconds", &Log::system_seconds,
              "between two measurements of processor, memory and GPUs (system/cpu_cores ...); 0: "
              "none",
              at_least(0))};
  }
};

struct EarlyStopping {
  static constexpr auto summary = "ending a run that no longer gets better";

  std::string metric = "eval/loss";
  std::optional<std::string> mode;
  std::optional<std::int64_t> patience;
  double min_delta = 0;
  std::optional<double> divergence_threshold;

  static constexpr auto fields() {
    return std::tuple{
        field("metric", &EarlyStopping::metric, "what is looked at after each evaluation"),
        field("mode", &EarlyStopping::mode, mode_help, one_of<"min", "max">),
        field("patience", &EarlyStopping::patience,
              "evaluations without a better value that end the run; null: never", at_least(1)),
        field("min_delta", &EarlyStopping::min_delta, "what is better is so by more than this",
              at_least(0)),
        field("divergence_threshold", &EarlyStopping::divergence_threshold,
              "a value worse than this ends the run at once"),
    };
  }

  Goal goal() const { return goal_of(metric, mode); }
};

struct KeepBest {
  std::string metric = "eval/loss";
  std::optional<std::string> mode;
  std::int64_t n = 1;

  static constexpr auto fields() {
    return std::tuple{
        field("metric", &KeepBest::metric, "what makes a checkpoint the best"),
        field("mode", &KeepBest::mode, mode_help, one_of<"min", "max">),
        field("n", &KeepBest::n, "how many are kept", at_least(0)),
    };
  }

  Goal goal() const { return goal_of(metric, mode); }
};

struct Save {
  static constexpr auto summary = "checkpoints: what a run goes on from";

  std::optional<Interval> every = Interval{1, Unit::epochs};
  std::int64_t keep_last = 2;
  KeepBest keep_best;

  static constexpr auto fields() {
    return std::tuple{
        field("every", &Save::every, "how often, besides the end and a stop; null: none at all"),
        field("keep_last", &Save::keep_last, "the newest that are kept", at_least(1)),
        field("keep_best", &Save::keep_best, "the best that are kept besides"),
    };
  }
};

struct Record {
  static constexpr auto summary = "what of its surroundings is kept with a run";

  bool environment = true;
  bool git_diff = true;

  static constexpr auto fields() {
    return std::tuple{
        field("environment", &Record::environment,
              "the environment variables that bear on results; credentials in them are masked"),
        field("git_diff", &Record::git_diff,
              "what git has uncommitted, without files such as .env and keys"),
    };
  }
};

struct Profile {
  static constexpr auto summary = "where the time of a step goes";

  std::int64_t steps = 0;
  std::int64_t skip = 10;

  static constexpr auto fields() {
    return std::tuple{
        field("steps", &Profile::steps,
              "so many are traced, for a table and a file that Perfetto opens; 0: none",
              range(0, 1000)),
        field("skip", &Profile::skip, "steps before, in which caches and threads warm up",
              at_least(0)),
    };
  }
};

struct InitFrom {
  static constexpr auto summary = "weights to begin with, instead of random ones";

  std::optional<std::string> weights;
  bool average = true;
  bool strict = true;
  std::vector<std::string> rename;

  static constexpr auto fields() {
    return std::tuple{
        field("weights", &InitFrom::weights,
              "RUN, RUN@best, RUN@STEP or a safetensors file; null: none"),
        field("average", &InitFrom::average,
              "of a run with train.ema_decay, its averaged weights; false: the raw ones"),
        field("strict", &InitFrom::strict,
              "every parameter must be there in its shape, and no other; false takes what fits"),
        field("rename", &InitFrom::rename,
              "OLD=NEW beginnings of names in the file: 'module.=' takes one away"),
    };
  }

  std::string conflict() const {
    for (const auto& each : rename)
      if (each.find('=') == std::string::npos) return "rename: '" + each + "' is not OLD=NEW";
    return "";
  }
};

/// A section of the recipe; `general` has no key of its own, its fields stand at the top.
struct Section {
  std::string key;
  ComponentDescription description;
};

const std::vector<Section>& sections();

/// The keys at the top of a recipe.
std::vector<std::string> recipe_keys();

}  // namespace runner
