#include "runner/commands/components.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("on a narrow terminal the fields of a component stand whole, one below the other") {
  CHECK(components_page("save", "keep_best", 60) ==
        "save: checkpoints: what a run goes on from\n"
        "  keep_best\n"
        "      the best that are kept besides\n"
        "      (a map with metric, mode, n)\n"
        "  keep_best.metric: eval/loss\n"
        "      what makes a checkpoint the best\n"
        "      (a string)\n"
        "  keep_best.mode: null\n"
        "      whether less (min) or more (max) of the metric is\n"
        "      better; null: as the metric itself says\n"
        "      (one of min, max, or null)\n"
        "  keep_best.n: 1\n"
        "      how many are kept\n"
        "      (a whole number of at least 0)\n");
  CHECK(components_page("train", "epochs", 90) ==
        "train: how long and in what portions\n"
        "  field   default  expected                      meaning\n"
        "  epochs  1        a whole number of at least 1  passes over the training samples\n");
}
