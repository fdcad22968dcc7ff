#include "runner/recipe/fit.hpp"

#include "experiments/nearest.hpp"
#include "registry/datasets/datasets.hpp"
#include "registry/kinds.hpp"
#include "registry/metric_names.hpp"
#include "registry/target.hpp"
#include "runner/recipe/recipe.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

/// The splits that are evaluated, by name.
std::vector<std::string> measured_splits(const Json& config,
                                         const std::optional<SampleType>& type) {
  if (!type || config.at("eval").at("on") == "train") return {"eval"};
  std::vector<std::string> names;
  for (const auto& split : type->splits)
    if (split.name != "train") names.push_back(split.name);
  return names;
}

/// Where there are several splits, "eval/X" means the first of them: "validation/X".
std::string measured_name(const std::string& metric, const std::vector<std::string>& splits) {
  constexpr std::string_view eval = "eval/";
  if (splits.size() < 2 || !metric.starts_with(eval)) return metric;
  return splits.front() + "/" + metric.substr(eval.size());
}

class Fit {
 public:
  Fit(const Json& config, const Places& places, Problems& problems,
      const std::set<std::string>& wrong = {})
      : config_(config), places_(places), problems_(problems), wrong_(wrong) {
    if (has("dataset") && !wrong_.contains("dataset")) look_at_data();
  }

  void check() {
    check_model_fits();
    check_loss_fits();
    check_metrics_fit();
    check_metrics_differ();
    check_refusals();
    if (problems_.empty()) check_metrics_are_measured();
  }

  /// Of the part of the config that is at `path`.
  void settle_modes(Json& part, const std::string& path, std::vector<std::string>& settled) {
    if (part.is_object() && part.contains("metric") && part.contains("mode"))
      settle_mode(part, path, settled);
    for (const auto& [key, value] : part.items()) {
      if (!value.is_structured()) continue;
      settle_modes(value,
                   part.is_array() ? fmt::format("{}[{}]", path, key)
                   : path.empty()  ? key
                                   : path + "." + key,
                   settled);
    }
  }

  std::string why_unmeasured(const std::string& metric) const {
    auto known = measured();
    known.emplace_back("train/loss");
    return unmeasured(metric, known);
  }

 private:
  Place place(const std::string& path) const {
    const auto found = places_.find(path);
    return found == places_.end() ? Place{} : found->second;
  }

  const ComponentDescription& chosen(const std::string& kind) const {
    return *find_kind(kind)->find(config_.at(kind).at("name").get<std::string>());
  }

  void look_at_data() {
    try {
      type_ = look_at_dataset(config_.at("dataset"));
    } catch (const DataUnavailable& error) {
      problems_.add(place("dataset"), error.what());
    } catch (const DataError& error) {
      problems_.add(place("dataset"), error.what());
    }
  }

  void settle_mode(Json& part, const std::string& path, std::vector<std::string>& settled) {
    part["metric"] =
        measured_name(part["metric"].get<std::string>(), measured_splits(config_, type_));
    auto& mode = part["mode"];
    const auto metric = part["metric"].get<std::string>();
    const auto given = mode.is_null() ? std::nullopt : std::optional(mode.get<std::string>());
    if (const auto why = why_wrong_mode(metric, given); !why.empty()) {
      problems_.add(place(path + (given ? ".mode" : ".metric")),
                    fmt::format("{}.mode is {}", path, why));
    } else if (!given) {
      mode = mode_of(goal_of(metric, given));
      settled.push_back(path + ".mode");
    }
  }

  bool has(const std::string& kind) const { return config_.contains(kind); }

  bool fits_model(const ComponentDescription& loss) const {
    return !has("model") || loss.needs.empty() || loss.needs == chosen("model").gives;
  }

  bool fits_data(Target target) const { return !type_ || target == target_of_dataset(*type_); }

  /// Why a component cannot have these samples; empty where it can, or where that is not known.
  std::string misfit(const ComponentDescription& component, const Json& values) const {
    return type_ && component.misfit ? component.misfit(values, *type_) : "";
  }

  /// Why a model's answers are not what is to be told of a sample.
  std::string wrong_answers(const ComponentDescription& model) const {
    const auto* target = type_ ? type_->target() : nullptr;
    if (!target || target->meaning != Meaning::classes ||
        model.per_position == !target->shape.empty())
      return "";
    return fmt::format(
        "gives {}, but what is to be told is {}",
        model.per_position ? "an answer for each position of a sample" : "one answer for a sample",
        describe(*target));
  }

  /// With its default fields.
  bool can_have_data(const ComponentDescription& component) const {
    return misfit(component, Json::object()).empty() && wrong_answers(component).empty();
  }

  void check_model_fits() {
    if (!has("model") || wrong_.contains("model")) return;
    const auto& model = chosen("model");
    auto why = misfit(model, config_.at("model"));
    if (why.empty()) why = wrong_answers(model);
    if (why.empty()) return;
    const auto hint = can_have_data(model) ? "" : "; " + instead("model", [&](const auto& other) {
                                                    return can_have_data(other);
                                                  });
    problems_.add(place("model"), fmt::format("model '{}' {}{}", model.name, why, hint));
  }

  /// Those of a kind that fit, for an error.
  template <class Fits>
  static std::string instead(const std::string& kind, const Fits& fits) {
    std::vector<std::string> fitting;
    for (const auto& component : find_kind(kind)->components)
      if (fits(component)) fitting.push_back(component.name);
    return fitting.empty() ? fmt::format("no {} fits", kind)
                           : fmt::format("expected one of {}", fmt::join(fitting, ", "));
  }

  static Json named(const ComponentDescription& component) { return {{"name", component.name}}; }

  void check_loss_fits() {
    if (!has("loss")) return;
    const auto& loss = chosen("loss");
    const auto fitting = instead("loss", [&](const auto& other) {
      return fits_model(other) && fits_data(target_of_loss(named(other)));
    });
    const auto target = target_of_loss(config_.at("loss"));
    if (!fits_data(target))
      problems_.add(place("loss"), wrong_target("loss", loss.name, target) + "; " + fitting);
    else if (!fits_model(loss))
      problems_.add(place("loss"),
                    fmt::format("loss '{}' needs {}, but model '{}' gives {}; {}", loss.name,
                                loss.needs, chosen("model").name, chosen("model").gives, fitting));
    else if (!wrong_.contains("loss"))
      refuse_misfit("loss", "loss", config_.at("loss"));
  }

  void refuse_misfit(const std::string& kind, const std::string& path, const Json& component) {
    const auto name = component.at("name").get<std::string>();
    if (const auto why = misfit(*find_kind(kind)->find(name), component); !why.empty())
      problems_.add(place(path), fmt::format("{} '{}': {}", kind, name, why));
  }

  void check_metrics_fit() {
    const auto& metrics = config_.value("eval", Json::object()).value("metrics", Json::array());
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      if (metrics[i].is_null()) continue;
      if (fits_data(target_of_metric(metrics[i]))) {
        refuse_misfit("metric", fmt::format("eval.metrics[{}]", i), metrics[i]);
        continue;
      }
      const auto fitting = instead(
          "metric", [&](const auto& other) { return fits_data(target_of_metric(named(other))); });
      problems_.add(place(fmt::format("eval.metrics[{}]", i)),
                    wrong_target("metric", metrics[i].at("name"), target_of_metric(metrics[i])) +
                        "; " + fitting);
    }
  }

  /// What two metrics call alike would be one number in the store, that of the last.
  void check_metrics_differ() {
    const auto& metrics = config_.value("eval", Json::object()).value("metrics", Json::array());
    std::map<std::string, std::size_t> given_by;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      if (metrics[i].is_null()) continue;
      std::vector<std::string> twice;
      std::size_t other = 0;
      for (const auto& name : kept_as(metrics[i]))
        if (const auto [known, is_new] = given_by.try_emplace(name, i); !is_new) {
          twice.push_back(name);
          other = known->second;
        }
      if (!twice.empty())
        problems_.add(
            place(fmt::format("eval.metrics[{}]", i)),
            fmt::format("metric '{}' gives {}, as eval.metrics[{}] does; expected metrics "
                        "that differ in their names",
                        metrics[i].at("name").get<std::string>(), fmt::join(twice, ", "), other));
    }
  }

  /// Of its numbers; what gives a matrix alone is called as its component is.
  static std::vector<std::string> kept_as(const Json& metric) {
    auto names = names_of_metric(metric);
    if (names.empty()) names.push_back(metric.at("name"));
    for (auto& name : names) name = "eval/" + name;
    return names;
  }

  /// A component may refuse another, of another kind.
  void check_refusals() {
    for (const auto& kind : kinds()) {
      if (!has(kind.name)) continue;
      const auto& component = chosen(kind.name);
      for (const auto& [other, name, because] : component.refusals)
        if (has(std::string(other)) && chosen(std::string(other)).name == name)
          problems_.add(place(kind.name),
                        fmt::format("{} '{}' does not go with {} '{}': {}", kind.name,
                                    component.name, other, name, because));
    }
  }

  std::string unmeasured(const std::string& metric, const std::vector<std::string>& known) const {
    const auto name = measured_name(metric, measured_splits(config_, type_));
    // "eval/f1/3" is an "eval/f1/N".
    const auto of_any_class = name.substr(0, name.find_last_not_of("0123456789") + 1) + "N";
    for (const auto& each : known)
      if (each == name || (each == of_any_class && of_any_class.size() <= name.size())) return "";
    return ", which no evaluation measures; " + what_instead(name, known);
  }

  /// What the recipe's evaluations measure.
  std::vector<std::string> measured() const {
    std::vector<std::string> names;
    for (const auto& split : measured_splits(config_, type_)) {
      names.push_back(split + "/loss");
      if (fits_data(Target::classes)) names.push_back(split + "/accuracy");
      for (const auto& metric : config_.at("eval").at("metrics"))
        for (const auto& name : names_of_metric(metric))
          if (std::ranges::find(names, split + "/" + name) == names.end())
            names.push_back(split + "/" + name);
    }
    return names;
  }

  void check_metrics_are_measured() {
    auto known = measured();
    refuse_unmeasured("early_stopping.metric", known);
    refuse_unmeasured("save.keep_best.metric", known);
    if (chosen("scheduler").name != "reduce_on_plateau") return;
    known.emplace_back("train/loss");
    refuse_unmeasured("scheduler.metric", known);
  }

  void refuse_unmeasured(const std::string& path, const std::vector<std::string>& known) {
    const auto name = value_at(config_, path).get<std::string>();
    if (const auto why = unmeasured(name, known); !why.empty())
      problems_.add(place(path), fmt::format("{} is '{}'{}", path, name, why));
  }

  std::string wrong_target(const std::string& kind, const std::string& name, Target target) const {
    const auto [wanted, there] = target == Target::numbers ? std::pair("numbers", "classes")
                                                           : std::pair("classes", "numbers");
    return fmt::format("{} '{}' is for targets that are {}, but those of dataset '{}' are {}", kind,
                       name, wanted, chosen("dataset").name, there);
  }

  const Json& config_;
  const Places& places_;
  Problems& problems_;
  std::set<std::string> wrong_;     ///< kinds of which a field is wrong
  std::optional<SampleType> type_;  ///< of the data, where they could be looked at
};

}  // namespace

std::string why_unmeasured(const Json& config, const std::string& metric) {
  static const Places nowhere;
  Problems none;
  return Fit(config, nowhere, none).why_unmeasured(metric);
}

std::vector<std::string> settle_modes(Json& config, const Places& places, Problems& problems) {
  std::vector<std::string> settled;
  Fit(config, places, problems).settle_modes(config, "", settled);
  return settled;
}

void check_fit(const Json& config, const Places& places, const std::set<std::string>& wrong,
               Problems& problems) {
  Fit(config, places, problems, wrong).check();
}

}  // namespace runner
