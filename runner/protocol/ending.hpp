#pragma once

#include "runner/protocol/wire.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>

namespace runner {

/// How a run ends.
enum class Ending {
  done,         ///< it has come to its end, or to one that the recipe asks for
  paused,       ///< after the step that its job names, to go on another time or not at all
  interrupted,  ///< somebody stopped it
  failed,
};

constexpr std::array<std::string_view, 4> words_of(Ending) {
  return {"done", "paused", "interrupted", "failed"};
}

// Why a rank failed: whose fault it is, is a type; the text is for people.

/// The user asks for what cannot be done.
struct Mistake {
  static constexpr std::string_view name = "mistake";

  std::string field;  ///< of the recipe: "optimizer.groups[0].match"; empty where it is about none
  std::string text;

  static constexpr auto fields() {
    return std::tuple{
        member("field", &Mistake::field, "of the recipe; empty where it is about none"),
        member("text", &Mistake::text)};
  }
};

/// All ranks come to a number that is NaN or infinite.
struct NotFinite {
  static constexpr std::string_view name = "not_finite";

  std::string text;

  static constexpr auto fields() { return std::tuple{member("text", &NotFinite::text)}; }
};

/// The rank's own fault: it threw.
struct Thrown {
  static constexpr std::string_view name = "thrown";

  std::string text;
  bool out_of_memory = false;

  static constexpr auto fields() {
    return std::tuple{member("text", &Thrown::text),
                      member("out_of_memory", &Thrown::out_of_memory)};
  }
};

/// The rank's own fault: its process is gone or hangs. The text continues a sentence about it: "was
/// killed by SIGKILL (Killed) at step 9".
struct Died {
  static constexpr std::string_view name = "died";

  std::string text;
  bool out_of_memory = false;

  static constexpr auto fields() {
    return std::tuple{member("text", &Died::text), member("out_of_memory", &Died::out_of_memory)};
  }
};

/// Not its fault: another rank went away, and this one has noticed.
struct LostOthers {
  static constexpr std::string_view name = "lost_others";

  std::string text;

  static constexpr auto fields() { return std::tuple{member("text", &LostOthers::text)}; }
};

using Cause = std::variant<Mistake, NotFinite, Thrown, Died, LostOthers>;

/// Whether the cause is of this type.
template <class T>
bool is_a(const std::optional<Cause>& cause) {
  return cause && std::holds_alternative<T>(*cause);
}

/// Why a rank ended a run.
struct Failure {
  Cause cause;
  int rank = 0;
  std::string host;
  std::int64_t step = 0;

  static constexpr auto fields() {
    return std::tuple{member("cause", &Failure::cause), member("rank", &Failure::rank),
                      member("host", &Failure::host),
                      member("step", &Failure::step, "optimizer steps that it had completed")};
  }
};

/// "rank 1 on node2 was killed by SIGKILL (Killed) at step 17", "rank 1 on node2 failed at step 17:
/// ..."; alone, there is only "the worker".
std::string describe(const Failure& failure, int world_size);

/// How a run ended, and why.
struct Outcome {
  Ending ending = Ending::failed;
  std::string reason;  ///< for people
  /// A failure that starting again would only repeat: the loss is NaN, or ranks are gone that the
  /// run cannot do without.
  bool would_recur = false;
  std::optional<Cause> cause = {};  ///< of the rank that failed first
  std::set<int> lost = {};          ///< ranks whose process is gone, as they were launched

  static constexpr auto fields() {
    return std::tuple{member("ending", &Outcome::ending),
                      member("reason", &Outcome::reason, "for people"),
                      member("would_recur", &Outcome::would_recur),
                      member("cause", &Outcome::cause, "of the rank that failed first"),
                      member("lost", &Outcome::lost, "ranks whose process is gone")};
  }
};

}  // namespace runner
