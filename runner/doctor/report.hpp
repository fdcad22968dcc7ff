#pragma once

#include "runner/doctor/check.hpp"

#include <string>

#include <nlohmann/json.hpp>

namespace runner::doctor {

/// A line for each check, the fix of what is not ok below it, and a sentence at the end. Long texts
/// are broken at `width` columns, commands never; 0: nothing is.
std::string report(const Checks& checks, int width, bool coloured);

/// [{area, check, health, found, fix}]
nlohmann::ordered_json report_json(const Checks& checks);

bool has_problem(const Checks& checks);

}  // namespace runner::doctor
