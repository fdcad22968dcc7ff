#pragma once

#include "experiments/curves.hpp"

#include <string>
#include <vector>

namespace runner {

/// What curves are drawn over.
enum class CurveAxis { step, epoch, time };

/// A run's metric, as it is drawn.
struct RunCurve {
  std::string run, name;
  std::string label;               ///< what tells it apart from the others
  std::vector<CurvePoint> points;  ///< those that have a place on the axis
  std::vector<double> x;           ///< of each; a time is in seconds that the run had run
  std::vector<double> y;           ///< the mean of each, smoothed; NaN where it is one
};

/// A metric of all runs that have it.
struct MetricCurves {
  std::string metric;
  std::vector<RunCurve> curves;
};

struct RunCurvesRequest {
  std::vector<std::string> runs;     ///< ids
  std::vector<std::string> metrics;  ///< or patterns; empty: the usual ones
  CurveAxis axis = CurveAxis::step;
  double smoothing = 0;       ///< the share of the average that each point keeps; 0: as it is
  std::int64_t points = 800;  ///< of each curve, at most about so many
};

/// What is drawn of them unless somebody says: train/loss and what was measured in evaluations, the
/// loss first; four at most.
std::vector<std::string> usual_metrics(const std::vector<std::string>& known);

/// Throws UserError for a metric that none of the runs has.
std::vector<MetricCurves> read_run_curves(const Database& database,
                                          const RunCurvesRequest& request);

/// An exponential average that does not start at zero; weight 0 changes nothing, and a NaN stays
/// one and is passed over.
std::vector<double> smoothed(const std::vector<double>& values, double weight);

}  // namespace runner
