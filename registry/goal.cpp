#include "registry/goal.hpp"

#include "registry/kinds.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include <fmt/format.h>

namespace runner {
namespace {

/// What runs measure besides the metrics of a recipe.
constexpr std::array always_measured{Measure{"loss", Goal::smaller},
                                     Measure{"accuracy", Goal::greater},
                                     Measure{"samples_per_second", Goal::greater},
                                     Measure{"tokens_per_second", Goal::greater},
                                     Measure{"data_wait", Goal::smaller},
                                     Measure{"memory_mib", Goal::smaller},
                                     Measure{"resident_mib", Goal::smaller}};

/// What other programs write in front of a name, to tell on which samples it was measured.
constexpr std::array splits{"train_", "val_", "valid_", "validation_", "eval_", "test_"};

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "eval/f1/3" -> "f1", "val_loss" -> "loss".
std::string bare(std::string_view metric) {
  auto slash = metric.rfind('/');
  if (slash != std::string_view::npos && is_number(metric.substr(slash + 1))) {
    metric = metric.substr(0, slash);
    slash = metric.rfind('/');
  }
  if (slash != std::string_view::npos) metric.remove_prefix(slash + 1);
  std::string name(metric);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const std::string_view split : splits)
    if (name.starts_with(split)) return name.substr(split.size());
  return name;
}

/// "top_5" -> "top_N".
std::string with_any_number(const std::string& name) {
  const auto end = name.find_last_not_of("0123456789") + 1;
  return end == name.size() ? name : name.substr(0, end) + "N";
}

}  // namespace

std::optional<Goal> own_goal(std::string_view metric) {
  const auto name = bare(metric), any = with_any_number(name);
  const auto is_it = [&](const Measure& each) { return each.name == name || each.name == any; };
  const auto found = std::ranges::find_if(always_measured, is_it);
  if (found != always_measured.end()) return found->goal;
  for (const auto& component : find_kind("metric")->components) {
    const auto one = std::ranges::find_if(component.measures, is_it);
    if (one != component.measures.end()) return one->goal;
  }
  return std::nullopt;
}

Goal goal_of(std::string_view metric, const std::optional<std::string>& mode) {
  if (const auto own = own_goal(metric)) return *own;
  if (mode) return greater_if(*mode == "max");
  throw std::logic_error(fmt::format("{} has no goal, and no mode was given", metric));
}

std::string why_wrong_mode(std::string_view metric, const std::optional<std::string>& mode) {
  const auto own = own_goal(metric);
  if (!own && !mode)
    return fmt::format(
        "not given, and whether more of '{}' is better is not known; expected min "
        "or max",
        metric);
  if (!own || !mode || *mode == mode_of(*own)) return "";
  return fmt::format("{}, but {} of {} is better; expected {}, or no mode", *mode,
                     *own == Goal::greater ? "more" : "less", metric, mode_of(*own));
}

}  // namespace runner
