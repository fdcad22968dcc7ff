#pragma once

#include "runner/protocol/ending.hpp"
#include "runner/protocol/job.hpp"

namespace runner::protocol {

// What a worker tells. `runner run --json` prints what rank 0's tells of its training.

/// What the worker says to a Check.
struct Checked {
  static constexpr std::string_view name = "checked";
  static constexpr std::string_view summary = "what came of a `check`";

  std::optional<Mistake> mistake = {};

  static constexpr auto fields() {
    return std::tuple{member("mistake", &Checked::mistake, "null where all can be built")};
  }
};

struct ModelLayer {
  std::string name, type;
  std::int64_t parameters = 0, trainable = 0, bytes = 0;

  static constexpr auto fields() {
    return std::tuple{member("name", &ModelLayer::name), member("type", &ModelLayer::type),
                      member("parameters", &ModelLayer::parameters),
                      member("trainable", &ModelLayer::trainable),
                      member("bytes", &ModelLayer::bytes)};
  }
};

/// Parameters that an optimizer of their own updates.
struct Group {
  std::string match;
  bool frozen = false;
  std::int64_t parameters = 0;
  std::string optimizer;

  static constexpr auto fields() {
    return std::tuple{member("match", &Group::match), member("frozen", &Group::frozen),
                      member("parameters", &Group::parameters),
                      member("optimizer", &Group::optimizer)};
  }
};

struct Ready {
  static constexpr std::string_view name = "ready";
  static constexpr std::string_view summary = "the training begins";

  std::string device;
  std::vector<std::string> gpus;
  Json versions = Json::object();
  std::string backend;
  std::vector<ModelLayer> layers;
  std::vector<Group> groups;
  std::int64_t first_step = 0, train_samples = 0, eval_samples = 0, steps_per_epoch = 0,
               origin_step = 0, total_steps = 0;

  static constexpr auto fields() {
    return std::tuple{
        member("device", &Ready::device),
        member("gpus", &Ready::gpus, "addresses on the PCI bus"),
        member("versions", &Ready::versions, "what else a result may depend on"),
        member("backend", &Ready::backend, "gloo or nccl"),
        member("layers", &Ready::layers),
        member("groups", &Ready::groups, "none where all parameters are alike"),
        member("first_step", &Ready::first_step),
        member("train_samples", &Ready::train_samples),
        member("eval_samples", &Ready::eval_samples),
        member("steps_per_epoch", &Ready::steps_per_epoch),
        member("origin_step", &Ready::origin_step, "since it, steps have had this batch size"),
        member("total_steps", &Ready::total_steps)};
  }
};

struct SavedFile {
  std::string name;
  std::int64_t bytes = 0;
  std::string sha256;

  static constexpr auto fields() {
    return std::tuple{member("name", &SavedFile::name), member("bytes", &SavedFile::bytes),
                      member("sha256", &SavedFile::sha256)};
  }
};

struct Saved {
  static constexpr std::string_view name = "saved";
  static constexpr std::string_view summary = "a checkpoint is whole and in its place";

  std::int64_t step = 0;
  double epoch = 0;
  std::string folder;
  ByName<double> measured;
  std::vector<SavedFile> files;

  static constexpr auto fields() {
    return std::tuple{member("step", &Saved::step), member("epoch", &Saved::epoch),
                      member("folder", &Saved::folder),
                      member("measured", &Saved::measured, "by the evaluation at this step"),
                      member("files", &Saved::files)};
  }
};

struct NotSaved {
  static constexpr std::string_view name = "not_saved";
  static constexpr std::string_view summary = "a checkpoint could not be saved";

  std::int64_t step = 0;
  std::string reason;

  static constexpr auto fields() {
    return std::tuple{member("step", &NotSaved::step), member("reason", &NotSaved::reason)};
  }
};

struct NoGraph {
  static constexpr std::string_view name = "no_graph";
  static constexpr std::string_view summary = "steps go without a CUDA graph (`train.cuda_graph`)";

  std::string reason;

  static constexpr auto fields() { return std::tuple{member("reason", &NoGraph::reason)}; }
};

/// A value of a metric.
struct Point {
  static constexpr bool in_a_row = true;

  std::string metric;
  std::int64_t step = 0;
  double epoch = 0, value = 0;
  std::int64_t time = 0;

  static constexpr auto fields() {
    return std::tuple{member("metric", &Point::metric), member("step", &Point::step),
                      member("epoch", &Point::epoch), member("value", &Point::value),
                      member("time", &Point::time)};
  }
};

struct Metrics {
  static constexpr std::string_view name = "metrics";
  static constexpr std::string_view summary = "what was measured, a few times a second";

  std::vector<Point> points;

  static constexpr auto fields() {
    return std::tuple{member("points", &Metrics::points, "time in ms since 1970")};
  }
};

struct Evaluated {
  static constexpr std::string_view name = "evaluated";
  static constexpr std::string_view summary = "an evaluation is over";

  std::int64_t step = 0;
  double epoch = 0, loss = 0;
  std::optional<std::int64_t> correct;
  ByName<double> metrics;
  ByName<std::vector<std::vector<std::int64_t>>> matrices;
  std::int64_t count = 0;

  static constexpr auto fields() {
    return std::tuple{member("step", &Evaluated::step),
                      member("epoch", &Evaluated::epoch),
                      member("loss", &Evaluated::loss, "the mean"),
                      member("correct", &Evaluated::correct, "samples; null for numbers"),
                      member("metrics", &Evaluated::metrics),
                      member("matrices", &Evaluated::matrices, "rows of counts"),
                      member("count", &Evaluated::count, "samples")};
  }
};

/// An operation of one step, or a kernel.
struct ProfiledOperation {
  std::string name;
  double calls = 0, self_us = 0, total_us = 0;

  static constexpr auto fields() {
    return std::tuple{member("name", &ProfiledOperation::name),
                      member("calls", &ProfiledOperation::calls),
                      member("self_us", &ProfiledOperation::self_us),
                      member("total_us", &ProfiledOperation::total_us)};
  }
};

struct Profiled {
  static constexpr std::string_view name = "profiled";
  static constexpr std::string_view summary = "what a trace shows (`profile`)";

  std::string trace;
  std::int64_t steps = 0;
  std::string on;
  std::vector<ProfiledOperation> operations;

  static constexpr auto fields() {
    return std::tuple{
        member("trace", &Profiled::trace, "a file"), member("steps", &Profiled::steps),
        member("on", &Profiled::on, "operation, or kernel on a GPU"),
        member("operations", &Profiled::operations, "the largest of one step, the largest first")};
  }
};

struct NotProfiled {
  static constexpr std::string_view name = "not_profiled";
  static constexpr std::string_view summary = "the training was over before a trace began";

  std::int64_t steps = 0, skip = 0;

  static constexpr auto fields() {
    return std::tuple{member("steps", &NotProfiled::steps, "that were made"),
                      member("skip", &NotProfiled::skip)};
  }
};

struct Trained {
  static constexpr std::string_view name = "trained";
  static constexpr std::string_view summary = "the last step is made, and all is saved";

  double data_wait = 0, data_seconds = 0;

  static constexpr auto fields() {
    return std::tuple{
        member("data_wait", &Trained::data_wait, "the share of the time that went into batches"),
        member("data_seconds", &Trained::data_seconds)};
  }
};

/// A worker's last word of a job.
struct Finished {
  static constexpr std::string_view name = "finished";
  static constexpr std::string_view summary = "the last word of a job";

  Ending ending = Ending::done;
  std::string reason = {};
  std::optional<Cause> cause = {};
  bool waits = false;

  static constexpr auto fields() {
    return std::tuple{member("ending", &Finished::ending),
                      member("reason", &Finished::reason, "for people; empty where it failed"),
                      member("cause", &Finished::cause, "why it failed"),
                      member("waits", &Finished::waits, "for another job")};
  }
};

}  // namespace runner::protocol

namespace runner {

/// What rank 0 tells of its training.
using Event = std::variant<protocol::Ready, protocol::Saved, protocol::NotSaved, protocol::NoGraph,
                           protocol::Metrics, protocol::Evaluated, protocol::Profiled,
                           protocol::NotProfiled, protocol::Trained>;

}  // namespace runner

namespace runner::protocol {

using FromWorker = std::variant<Hello, Checked, StoreRequest, Ready, Saved, NotSaved, NoGraph,
                                Metrics, Evaluated, Profiled, NotProfiled, Trained, Finished>;

}  // namespace runner::protocol
