#include "runner/answers/gate.hpp"

#include <cmath>
#include <cstdlib>
#include <string>

namespace runner {

std::optional<Tolerance> parse_tolerance(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  auto rest = std::string(end);
  while (rest.starts_with(' ')) rest.erase(0, 1);
  if (end == text.c_str() || !std::isfinite(number) || number < 0) return std::nullopt;
  if (rest.empty()) return Tolerance{number, false};
  return rest == "%" ? std::optional(Tolerance{number / 100, true}) : std::nullopt;
}

Verdict judge(const std::vector<double>& values, const std::vector<double>& baseline, Goal goal,
              const Tolerance& tolerance, double p) {
  Verdict verdict;
  verdict.value = mean(values);
  verdict.baseline = mean(baseline);
  const double more = verdict.value - verdict.baseline;
  verdict.worse_by = goal == Goal::greater ? -more : more;
  verdict.allowed =
      tolerance.is_share ? tolerance.amount * std::abs(verdict.baseline) : tolerance.amount;
  verdict.test = welch_test(values, baseline);
  const bool is_beyond = !(verdict.worse_by <= verdict.allowed);
  verdict.regressed =
      is_beyond && (!verdict.test || std::isnan(verdict.value) || verdict.test->p < p);
  return verdict;
}

}  // namespace runner
