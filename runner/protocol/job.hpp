#pragma once

#include "registry/datasets/prepared.hpp"
#include "runner/protocol/store_request.hpp"

namespace runner::protocol {

/// The first message in each direction between a worker and its front.
struct Hello {
  static constexpr std::string_view name = "hello";
  static constexpr std::string_view summary = "the first message in each direction";

  std::int64_t protocol = 0;  ///< protocol_version()

  static constexpr auto fields() {
    return std::tuple{member("protocol", &Hello::protocol, "the version of these messages")};
  }
};

/// Where a run reads and writes, the same on all its ranks.
struct RunFiles {
  std::optional<std::string> init, checkpoints, resume, diagnostics;
  bool saves_each_best = false;

  static constexpr auto fields() {
    return std::tuple{
        member("init", &RunFiles::init, "the weights to begin with"),
        member("checkpoints", &RunFiles::checkpoints, "the folder to save into"),
        member("resume", &RunFiles::resume, "the checkpoint to go on from"),
        member("diagnostics", &RunFiles::diagnostics, "the folder for traces and ledgers"),
        member("saves_each_best", &RunFiles::saves_each_best,
               "whether each evaluation that is the best so far is to save")};
  }
};

/// This rank's part of the machine's cores, of so many parts.
struct Cores {
  static constexpr bool in_a_row = true;

  int part = 0, parts = 1;

  static constexpr auto fields() {
    return std::tuple{member("part", &Cores::part), member("parts", &Cores::parts)};
  }
};

/// Steps that are written down and no more, for `runner verify`.
struct Probe {
  std::int64_t steps = 0;
  std::string file;

  static constexpr auto fields() {
    return std::tuple{member("steps", &Probe::steps), member("file", &Probe::file)};
  }
};

/// A rank among others.
struct Place {
  int rank = 0, local_rank = 0, world_size = 1;
  std::string address = {};  ///< of this machine, as the other ranks reach it
  std::string device = "auto";
  std::int64_t timeout_ms = 0;
  std::optional<std::int64_t> threads = {}, most_threads = {};
  std::optional<Cores> cores = {};

  static constexpr auto fields() {
    return std::tuple{
        member("rank", &Place::rank),
        member("local_rank", &Place::local_rank),
        member("world_size", &Place::world_size),
        member("address", &Place::address, "of this machine, as the other ranks reach it"),
        member("device", &Place::device, "auto, cpu or cuda"),
        member("timeout_ms", &Place::timeout_ms, "for ranks to come, and for a collective to end"),
        member("threads", &Place::threads),
        member("most_threads", &Place::most_threads),
        member("cores", &Place::cores, "its part of the machine's cores, of so many")};
  }
};

/// What a worker is to train.
struct Job {
  static constexpr std::string_view name = "job";
  static constexpr std::string_view summary = "what it is to train, as one rank of so many";

  Json config = Json::object();
  Prepared data = {};
  RunFiles files = {};
  std::optional<std::int64_t> pause_at = {};
  bool more_may_follow = false;
  std::optional<Probe> probe = {};
  Place place = {};

  static constexpr auto fields() {
    return std::tuple{
        member("config", &Job::config, "the resolved recipe"),
        member("data", &Job::data),
        part(&Job::files),
        member("pause_at", &Job::pause_at, "the step after which it pauses"),
        member("more_may_follow", &Job::more_may_follow, "whether to wait for another job"),
        member("probe", &Job::probe, "only to make these steps, for `runner verify`"),
        part(&Job::place)};
  }
};

/// What a worker is to build, to see whether it can be.
struct Check {
  static constexpr std::string_view name = "check";
  static constexpr std::string_view summary = "what it is to build, to see whether it can be";

  Json config = Json::object();
  Prepared data = {};
  std::string device = "auto";
  int local_rank = 0;
  std::optional<std::string> init = {};

  static constexpr auto fields() {
    return std::tuple{member("config", &Check::config, "the resolved recipe"),
                      member("data", &Check::data), member("device", &Check::device),
                      member("local_rank", &Check::local_rank),
                      member("init", &Check::init, "the weights to begin with")};
  }
};

using ToWorker = std::variant<Hello, Check, Job, StoreReply>;

}  // namespace runner::protocol
