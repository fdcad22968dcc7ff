#pragma once

#include "registry/topologies/help.hpp"
#include "registry/topologies/placement.hpp"

namespace runner {

struct Auto {
  static constexpr auto summary =
      "every GPU of the machine or of the job, else one CPU process; ddp where that makes several";

  std::optional<std::int64_t> threads;
  std::string launcher = "auto";
  double heartbeat = 10;
  double timeout = 120;

  static constexpr auto fields() {
    namespace help = topology_help;
    return std::tuple{
        field("threads", &Auto::threads, help::threads, range(1, 1024)),
        field("launcher", &Auto::launcher, help::launcher, help::launcher_rule),
        field("heartbeat", &Auto::heartbeat, help::heartbeat, above(0)),
        field("timeout", &Auto::timeout, help::timeout, above(0)),
    };
  }
};

inline Placement place(const Auto& options) {
  Placement placement;
  placement.threads = options.threads;
  placement.launcher = options.launcher;
  placement.heartbeat = options.heartbeat;
  placement.timeout = options.timeout;
  return placement;
}

}  // namespace runner
