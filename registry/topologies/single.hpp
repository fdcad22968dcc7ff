#pragma once

#include "registry/field.hpp"
#include "registry/topologies/placement.hpp"

namespace runner {

struct Single {
  static constexpr auto summary = "one process on one device";

  std::string device = "auto";
  std::optional<std::int64_t> threads;

  static constexpr auto fields() {
    return std::tuple{
        field("device", &Single::device, "where it runs; auto: the GPU where there is one",
              one_of<"auto", "cpu", "cuda">),
        field("threads", &Single::threads, "CPU threads of the process; null: one per core",
              range(1, 1024)),
    };
  }
};

inline Placement place(const Single& options) {
  Placement placement;
  placement.alone = true;
  placement.device = options.device;
  placement.threads = options.threads;
  return placement;
}

}  // namespace runner
