#pragma once

#include "experiments/sqlite.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace runner {

/// How long a run had run at some time, without what lay between a stop and its resume.
class RunningTime {
 public:
  RunningTime(const Database& database, std::string_view run_id);

  /// In seconds; `time` is Unix time in ms.
  double seconds(std::int64_t time) const;

 private:
  struct Pause {
    std::int64_t from, to;
  };

  std::int64_t started_ = 0;
  std::vector<Pause> pauses_;
};

}  // namespace runner
