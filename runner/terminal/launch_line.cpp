#include "runner/terminal/launch_line.hpp"

#include "registry/counted.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

std::string ranks(const Launch& launch) {
  if (launch.world_size == 1) return "1 rank";
  const bool even = launch.world_size == launch.nodes * launch.node_ranks;
  return fmt::format("{} ranks on {}{}", launch.world_size, counted(launch.nodes, "node"),
                     even ? fmt::format(" x {}", launch.node_ranks) : ", unevenly");
}

/// "64 samples a step = 3 x 21 or 22, each in 4 parts".
std::string batch(const Json& train, int world_size) {
  const auto size = train.at("batch_size").get<std::int64_t>();
  const auto each = size / world_size;
  auto line = fmt::format("{} samples a step = {} x {}", size, world_size, each);
  if (size % world_size != 0) line += fmt::format(" or {}", each + 1);
  if (const auto parts = train.at("accumulate").get<std::int64_t>(); parts > 1)
    line += fmt::format(", each in {} parts", parts);
  return line;
}

}  // namespace

std::string launch_line(const Json& config, const Launch& launch, const std::string& backend) {
  const auto by = launch.launcher == "self" ? "this process" : launch.launcher;
  return fmt::format("{}, started by {} ({}){}; {}", ranks(launch), by, launch.why,
                     launch.world_size == 1 ? "" : ", " + backend,
                     batch(config.at("train"), launch.world_size));
}

}  // namespace runner
