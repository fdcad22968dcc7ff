#pragma once

#include "runner/answers/run_curves.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace runner {

/// The points of curves for other programs: [{metric, curves: [{run, name, points: [...]}]}].
nlohmann::ordered_json curves_json(const std::vector<MetricCurves>& metrics);

/// The same as lines of run,name,metric,step,epoch,time,points,mean,min,max and, of smoothed ones,
/// that value.
std::string curves_csv(const std::vector<MetricCurves>& metrics, bool with_smoothed);

}  // namespace runner
