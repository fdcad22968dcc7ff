#include "runner/record/ledger_file.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace runner {
namespace {

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) out.push_back(cell);
  return out;
}

bool is_of(const std::string& column, const char* what) { return column.starts_with(what); }

/// Places of the columns, in the order in which a step makes what is in them.
std::vector<std::size_t> order_of_making(const std::vector<std::string>& columns) {
  std::vector<std::size_t> others, gradients, weights;
  for (std::size_t i = 0; i < columns.size(); ++i)
    (is_of(columns[i], "gradient ") ? gradients
     : is_of(columns[i], "weight ") ? weights
                                    : others)
        .push_back(i);
  std::reverse(gradients.begin(), gradients.end());
  others.insert(others.end(), gradients.begin(), gradients.end());
  others.insert(others.end(), weights.begin(), weights.end());
  return others;
}

/// How many of the one are not in the other.
std::int64_t steps_beside(const std::vector<std::int64_t>& steps,
                          const std::vector<std::int64_t>& others) {
  const std::set<std::int64_t> known(others.begin(), others.end());
  return std::count_if(steps.begin(), steps.end(),
                       [&](std::int64_t step) { return !known.contains(step); });
}

}  // namespace

LedgerFile read_ledger(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || !line.starts_with("step,loss,"))
    throw std::runtime_error(fmt::format("there is no ledger in {}", file.string()));
  LedgerFile out;
  out.columns = cells(line);
  out.columns.erase(out.columns.begin());
  while (std::getline(in, line)) {
    auto row = cells(line);
    if (row.size() != out.columns.size() + 1) break;  // a kill has cut it short
    std::int64_t step = 0;
    const auto& first = row.front();
    const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), step);
    if (error != std::errc() || end != first.data() + first.size())
      throw std::runtime_error(fmt::format("{} is damaged behind step {}: '{}' is no step",
                                           file.string(), out.steps.empty() ? 0 : out.steps.back(),
                                           first));
    out.steps.push_back(step);
    row.erase(row.begin());
    out.rows.push_back(std::move(row));
  }
  return out;
}

LedgerComparison compare(const LedgerFile& left, const LedgerFile& right) {
  if (left.columns != right.columns)
    throw std::runtime_error("the runs have different parameters: their models are not the same");
  std::map<std::int64_t, const std::vector<std::string>*> by_step;
  for (std::size_t i = 0; i < right.steps.size(); ++i) by_step[right.steps[i]] = &right.rows[i];
  const auto order = order_of_making(left.columns);
  LedgerComparison found;
  found.right_alone = steps_beside(right.steps, left.steps);
  found.left_alone = steps_beside(left.steps, right.steps);
  for (std::size_t i = 0; i < left.steps.size(); ++i) {
    const auto other = by_step.find(left.steps[i]);
    if (other == by_step.end()) continue;
    const auto &mine = left.rows[i], &theirs = *other->second;
    if (mine == theirs) {
      ++found.common_steps;
      continue;
    }
    auto& divergence = found.divergence.emplace(Divergence{left.steps[i], {}, {}, {}});
    for (const auto column : order)
      if (mine[column] != theirs[column]) {
        divergence.columns.push_back(left.columns[column]);
        divergence.left.push_back(mine[column]);
        divergence.right.push_back(theirs[column]);
      }
    break;
  }
  return found;
}

}  // namespace runner
