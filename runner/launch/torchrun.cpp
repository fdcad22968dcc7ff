#include "runner/launch/torchrun.hpp"

#include "experiments/error.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

constexpr int candidates = 8;

std::vector<std::uint16_t> ports(const Environment& environment, const Variable& master_port) {
  const auto port = master_port.number();
  if (port < 1 || port > 65535)
    throw UserError(fmt::format("MASTER_PORT is {}: expected 1 to 65535", port));
  const auto agent = find_variable(environment, {"TORCHELASTIC_USE_AGENT_STORE"});
  if (!agent || agent->value != "True") return {static_cast<std::uint16_t>(port)};
  // torchrun's agent listens at the port itself.
  const auto step = port + candidates > 65535 ? -1 : 1;
  std::vector<std::uint16_t> others;
  auto next = port;
  for (int i = 0; i < candidates; ++i) others.push_back(static_cast<std::uint16_t>(next += step));
  return others;
}

Meeting meeting(const Environment& environment) {
  const auto get = [&](const char* name) { return find_variable(environment, {name}); };
  const auto host = get("MASTER_ADDR")->value;
  const auto port = *get("MASTER_PORT");
  std::string token = fmt::format("torchrun-{}:{}", host, port.value);
  // The run's id alone is "none" for most who call torchrun by hand.
  for (const auto* name : {"TORCHELASTIC_RUN_ID", "TORCHELASTIC_RESTART_COUNT"})
    if (const auto variable = get(name)) token += "-" + variable->value;
  return {host, ports(environment, port), token};
}

}  // namespace

bool started_by_torchrun(const Environment& environment) {
  const auto get = [&](const char* name) { return find_variable(environment, {name}); };
  const auto world_size = get("WORLD_SIZE");
  if (!get("RANK") || !world_size || !get("MASTER_ADDR")) return false;
  return get("LOCAL_RANK") || world_size->value != "1";
}

Started read_torchrun(const Environment& environment, const std::string& because) {
  require_variables(environment, {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"}, because);
  const auto number = [&](const char* name, int missing) {
    const auto variable = find_variable(environment, {name});
    return variable ? static_cast<int>(variable->number()) : missing;
  };
  Started started{{}, "torchrun", "process", "", ""};
  auto& launch = started.launch;
  launch.launcher = "torchrun";
  launch.world_size = number("WORLD_SIZE", 1);
  launch.rank = number("RANK", 0);
  launch.local_rank = number("LOCAL_RANK", 0);
  launch.node_ranks = std::max(number("LOCAL_WORLD_SIZE", 1), 1);
  launch.nodes =
      number("GROUP_WORLD_SIZE", (launch.world_size + launch.node_ranks - 1) / launch.node_ranks);
  launch.node = number("GROUP_RANK", launch.rank / launch.node_ranks);
  launch.meeting = meeting(environment);
  started.here = fmt::format("LOCAL_WORLD_SIZE={}", launch.node_ranks);
  started.nodes = find_variable(environment, {"GROUP_WORLD_SIZE", "WORLD_SIZE"})->text();
  return started;
}

}  // namespace runner
