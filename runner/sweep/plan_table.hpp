#pragma once

#include "runner/sweep/sweep_plan.hpp"

#include <string>

namespace runner {

/// A line for each cell, with what it sets and how long it is, and what all would take.
std::string plan_table(const SweepEstimate& plan, int width);

Json plan_json(const SweepEstimate& plan);

}  // namespace runner
