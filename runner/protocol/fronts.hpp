#pragma once

#include "runner/protocol/ending.hpp"
#include "runner/protocol/job.hpp"
#include "runner/protocol/rank_state.hpp"

namespace runner::protocol {

// What the front of rank 0 and the others tell each other.

/// What all processes of a run must have brought alike.
struct Brought {
  Json config = Json::object();
  std::string dataset;

  static constexpr auto fields() {
    return std::tuple{member("config", &Brought::config), member("dataset", &Brought::dataset)};
  }
};

/// What the process of rank 0 tells every other.
struct Told {
  std::string logs;
  RunFiles files = {};

  static constexpr auto fields() {
    return std::tuple{member("logs", &Told::logs, "the folder for what ranks print"),
                      part(&Told::files)};
  }
};

struct Introduction {
  static constexpr std::string_view name = "introduction";
  static constexpr std::string_view summary = "the first message, of one that comes";

  std::int64_t protocol = 0;
  int rank = 0, ranks = 1, node = 0;
  std::string host;
  Brought mine = {};

  static constexpr auto fields() {
    return std::tuple{member("protocol", &Introduction::protocol, "the version of these messages"),
                      member("rank", &Introduction::rank, "its first"),
                      member("ranks", &Introduction::ranks, "how many it has"),
                      member("node", &Introduction::node),
                      member("host", &Introduction::host),
                      member("mine", &Introduction::mine, "what all must have brought alike")};
  }
};

struct Joined {
  static constexpr std::string_view name = "joined";
  static constexpr std::string_view summary = "it is one of the run's";

  std::int64_t protocol = 0;

  static constexpr auto fields() {
    return std::tuple{member("protocol", &Joined::protocol, "the version of these messages")};
  }
};

/// The same in every version.
struct Refused {
  static constexpr std::string_view name = "refused";
  static constexpr std::string_view summary = "it is not, or is no longer wanted";

  std::string reason;

  static constexpr auto fields() { return std::tuple{member("reason", &Refused::reason)}; }
};

struct Welcome {
  static constexpr std::string_view name = "welcome";
  static constexpr std::string_view summary = "all are there";

  std::string address;
  int rank = 0, world_size = 1;
  Told told = {};

  static constexpr auto fields() {
    return std::tuple{member("address", &Welcome::address, "as the others reach it"),
                      member("rank", &Welcome::rank, "its first from now on"),
                      member("world_size", &Welcome::world_size), member("told", &Welcome::told)};
  }
};

struct Left {
  static constexpr std::string_view name = "left";
  static constexpr std::string_view summary = "its user has stopped it before all were there";
  static constexpr auto fields() { return std::tuple{}; }
};

struct Failed {
  static constexpr std::string_view name = "failed";
  static constexpr std::string_view summary = "a rank of its own has failed";

  Failure failure = {};

  static constexpr auto fields() { return std::tuple{member("failure", &Failed::failure)}; }
};

struct States {
  static constexpr std::string_view name = "states";
  static constexpr std::string_view summary = "where its ranks are, twice a second";

  std::vector<RankState> states;

  static constexpr auto fields() { return std::tuple{member("states", &States::states)}; }
};

/// A request of one of its ranks to the key-value store.
struct RankAsks {
  static constexpr std::string_view name = "asks";
  static constexpr std::string_view summary = "what a rank of its own asks of the store";

  int rank = 0;
  StoreRequest request = {};

  static constexpr auto fields() {
    return std::tuple{member("rank", &RankAsks::rank), member("request", &RankAsks::request)};
  }
};

struct RankHears {
  static constexpr std::string_view name = "hears";
  static constexpr std::string_view summary = "what the store answers that rank";

  int rank = 0;
  StoreReply reply = {};

  static constexpr auto fields() {
    return std::tuple{member("rank", &RankHears::rank), member("reply", &RankHears::reply)};
  }
};

struct Stop {
  static constexpr std::string_view name = "stop";
  static constexpr std::string_view summary = "all ranks are to stop after the same step";
  static constexpr auto fields() { return std::tuple{}; }
};

struct Abort {
  static constexpr std::string_view name = "abort";
  static constexpr std::string_view summary = "all ranks are to be killed";
  static constexpr auto fields() { return std::tuple{}; }
};

struct Aborting {
  static constexpr std::string_view name = "aborting";
  static constexpr std::string_view summary = "its ranks are being killed";
  static constexpr auto fields() { return std::tuple{}; }
};

struct RanksEnded {
  static constexpr std::string_view name = "ended";
  static constexpr std::string_view summary = "its ranks have ended";
  static constexpr auto fields() { return std::tuple{}; }
};

struct Alive {
  static constexpr std::string_view name = "alive";
  static constexpr std::string_view summary = "nothing else, twice a second";
  static constexpr auto fields() { return std::tuple{}; }
};

struct End {
  static constexpr std::string_view name = "end";
  static constexpr std::string_view summary = "the run is over";

  Outcome outcome = {};

  static constexpr auto fields() { return std::tuple{member("outcome", &End::outcome)}; }
};

using ToHead = std::variant<Introduction, Left, Failed, States, RankAsks, Aborting, RanksEnded>;
using FromHead =
    std::variant<Joined, Refused, Welcome, Left, Failed, RankHears, Stop, Abort, Alive, End>;

}  // namespace runner::protocol
