#pragma once

#include "registry/topologies/processes.hpp"

namespace runner {

struct Auto {
  static constexpr auto summary =
      "every GPU of the machine or of the job, else one CPU process; ddp where that makes several";

  Processes processes;

  static constexpr auto fields() { return std::tuple{part(&Auto::processes)}; }
};

inline Placement place(const Auto& options) { return place(Devices{}, options.processes); }

}  // namespace runner
