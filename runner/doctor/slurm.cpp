#include "runner/doctor/check.hpp"
#include "runner/doctor/read.hpp"
#include "runner/launch/output_of.hpp"

#include <sstream>

#include <fmt/format.h>

namespace runner::doctor {
namespace {

/// `debug* up 2 nodes` for each partition.
std::string partitions(const std::string& sinfo) {
  std::istringstream lines(sinfo);
  std::string out, name, state, nodes;
  while (lines >> name >> state >> nodes)
    out += fmt::format("{}{} ({}, {} node{})", out.empty() ? "" : ", ", name, state, nodes,
                       nodes == "1" ? "" : "s");
  return out;
}

}  // namespace

Checks check_slurm(const Place&) {
  const auto version =
      first_line_of(output_of("command -v sinfo >/dev/null && sinfo --version 2>&1"));
  if (version.empty())
    return {{"slurm", "commands", Health::ok,
             "no Slurm here; runner submit needs it, nothing else does"}};
  // Its commands look for a configuration before anything else; without one there is no cluster
  // here.
  if (!version.starts_with("slurm"))
    return {{"slurm", "commands", Health::warning, "no cluster is set up: " + version,
             "export SLURM_CONF=/path/of/the/cluster's/slurm.conf"}};
  Checks checks{{"slurm", "commands", Health::ok, version}};
  const auto answer = output_of("timeout 5 sinfo -h -o '%P %a %D' 2>&1 && echo end");
  if (!answer.ends_with("end\n"))
    checks.push_back({"slurm", "controller", Health::problem,
                      answer.empty() ? "sinfo did not answer within 5 s" : first_line_of(answer),
                      "scontrol ping"});
  else if (const auto found = partitions(answer.substr(0, answer.size() - 4)); found.empty())
    checks.push_back({"slurm", "controller", Health::warning, "answers, but has no partition",
                      "scontrol show partition"});
  else
    checks.push_back({"slurm", "controller", Health::ok, found});
  return checks;
}

}  // namespace runner::doctor
