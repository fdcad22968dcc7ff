#pragma once

#include "registry/field.hpp"
#include "registry/topologies/placement.hpp"

namespace runner {

struct Auto {
  static constexpr auto summary = "one process, on the GPU where there is one, else on the CPU";

  std::optional<std::int64_t> threads;

  static constexpr auto fields() {
    return std::tuple{field("threads", &Auto::threads,
                            "CPU threads of the process; null: one per core", range(1, 1024))};
  }
};

inline Placement place(const Auto& options) { return {"auto", options.threads}; }

}  // namespace runner
