#pragma once

#include "registry/catalog.hpp"
#include "registry/metrics/accuracy.hpp"
#include "registry/metrics/confusion_matrix.hpp"
#include "registry/metrics/f1.hpp"
#include "registry/metrics/mae.hpp"
#include "registry/metrics/median_absolute_error.hpp"
#include "registry/metrics/mse.hpp"
#include "registry/metrics/perplexity.hpp"
#include "registry/metrics/r2.hpp"
#include "registry/metrics/top_k.hpp"

namespace runner {

using Metrics = Catalog<Named<"accuracy", Accuracy>, Named<"top_k", TopK>, Named<"f1", F1>,
                        Named<"perplexity", Perplexity>, Named<"confusion_matrix", ConfusionMatrix>,
                        Named<"mse", MeanSquaredError>, Named<"mae", MeanAbsoluteError>,
                        Named<"r2", R2>, Named<"median_absolute_error", MedianAbsoluteError>>;

}  // namespace runner
