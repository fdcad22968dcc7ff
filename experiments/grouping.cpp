#include "experiments/grouping.hpp"

#include <map>
#include <span>

namespace runner {
namespace {

std::optional<double> number(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::nullopt;
}

void add(Spread& spread, double value) {
  ++spread.count;
  spread.min = std::fmin(spread.min, value);
  spread.max = std::fmax(spread.max, value);
  const auto before = spread.count == 1 ? 0 : spread.mean;
  spread.mean = before + (value - before) / static_cast<double>(spread.count);
}

void add(Group& group, std::span<const Value> row) {
  ++group.runs;
  for (std::size_t i = 0; i < row.size(); ++i)
    if (const auto value = number(row[i]); value && !std::isnan(*value))
      add(group.spreads[i], *value);
}

}  // namespace

Grouping group_runs(const Database& database, ListRequest request,
                    const std::vector<std::string>& names) {
  const auto shown = request.columns.size();
  request.columns.insert(request.columns.end(), names.begin(), names.end());
  request.limit = request.offset = 0;
  std::map<std::vector<Value>, Group> found;
  auto listing = list_runs(database, request);
  for (const auto& row : listing.rows) {
    const auto values =
        std::vector<Value>(row.begin() + static_cast<std::ptrdiff_t>(shown), row.end());
    auto& group =
        found.try_emplace(values, Group{values, 0, std::vector<Spread>(shown)}).first->second;
    add(group, std::span(row).first(shown));
  }
  Grouping out{{}, std::move(listing.notes)};
  for (auto& [values, group] : found) out.groups.push_back(std::move(group));
  return out;
}

}  // namespace runner
