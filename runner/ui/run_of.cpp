#include "runner/ui/run_of.hpp"

#include "experiments/listing.hpp"
#include "experiments/reference.hpp"
#include "runner/ui/message.hpp"

#include <fmt/format.h>

namespace runner::ui {

std::string run_of(const Database& database, std::string_view reference) {
  try {
    return find_run(database, reference);
  } catch (const UserError& error) {
    throw NotFound(error.what());
  }
}

std::vector<std::string> runs_of(const Database& database, const std::string& references) {
  constexpr std::size_t most = 50;
  const auto names = split_names(references);
  if (names.empty()) throw UserError("runs: expected the ids of runs, separated by commas");
  if (names.size() > most)
    throw UserError(fmt::format("runs: at most {} at once, not {}", most, names.size()));
  std::vector<std::string> ids;
  for (const auto& name : names) ids.push_back(run_of(database, name));
  return ids;
}

}  // namespace runner::ui
