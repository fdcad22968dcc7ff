#include "runner/terminal/usual_columns.hpp"

#include "experiments/listing.hpp"

namespace runner {

std::vector<std::string> usual_columns(const Database& database) {
  std::vector<std::string> columns = {"id", "name", "status", "started", "duration"};
  const auto present = known_names(database, {"model", "eval/accuracy", "eval/loss", "train/loss"});
  columns.insert(columns.end(), present.begin(), present.end());
  return columns;
}

}  // namespace runner
