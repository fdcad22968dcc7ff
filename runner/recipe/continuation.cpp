#include "runner/recipe/continuation.hpp"

#include "experiments/json.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace runner {
namespace {

class Comparison {
 public:
  Comparison(const Json& before, const Json& after) : before_(before), after_(after) {}

  std::vector<std::string> breaks() {
    compare("seed", before_.at("seed"), after_.at("seed"));
    compare_component("model");
    compare_component("dataset", {"root", "fallback"});  // where the data are found
    compare_component("loss");
    compare_optimizers();
    compare_samples();
    if (field(before_, "ema_decay").is_null())
      compare("train.ema_decay", nullptr, field(after_, "ema_decay"));
    compare_fields("init_from", {});
    return std::move(breaks_);
  }

 private:
  static const Json& field(const Json& config, const char* name) {
    return config.at("train").at(name);
  }

  void compare(const std::string& path, const Json& before, const Json& after) {
    if (before != after)
      breaks_.push_back(fmt::format("{} is {}, not {}", path, as_text(before), as_text(after)));
  }

  /// Fields of another component say nothing.
  void compare_component(const std::string& kind, const std::set<std::string>& free = {}) {
    if (before_.at(kind).at("name") == after_.at(kind).at("name"))
      compare_fields(kind, free);
    else
      compare(kind + ".name", before_.at(kind).at("name"), after_.at(kind).at("name"));
  }

  void compare_fields(const std::string& key, const std::set<std::string>& free) {
    for (const auto& [name, value] : before_.at(key).items())
      if (!free.contains(name)) compare_inside(key + "." + name, value, after_.at(key).at(name));
  }

  /// What differs in a map or in a list of maps, unless all does.
  void compare_inside(const std::string& path, const Json& before, const Json& after) {
    if (!are_alike(before, after)) return compare(path, before, after);
    for (const auto& [key, value] : before.items())
      if (before.is_array())
        compare_inside(fmt::format("{}[{}]", path, key), value, after.at(std::stoul(key)));
      else
        compare_inside(path + "." + key, value, after.at(key));
  }

  /// Maps with the same keys, or as many maps.
  static bool are_alike(const Json& before, const Json& after) {
    if (before.size() != after.size()) return false;
    const auto is_map = [](const Json& element) { return element.is_object(); };
    if (before.is_array() && after.is_array())
      return std::ranges::all_of(before, is_map) && std::ranges::all_of(after, is_map);
    return before.is_object() && after.is_object() &&
           std::ranges::all_of(before.items(),
                               [&](const auto& each) { return after.contains(each.key()); });
  }

  /// Rates and decays may change; which optimizer has which parameters may not.
  void compare_optimizers() {
    const auto& before = before_.at("optimizer");
    const auto& after = after_.at("optimizer");
    compare("optimizer.name", before.at("name"), after.at("name"));
    if (before.at("name") == after.at("name"))
      compare("optimizer.groups", division(before), division(after));
  }

  static Json division(const Json& optimizer) {
    auto out = Json::array();
    for (auto group : optimizer.value("groups", Json::array())) {
      auto& each = out.emplace_back(Json::object());
      for (const auto* key : {"match", "name", "frozen"})
        if (group.contains(key)) each[key] = group[key];
    }
    return out;
  }

  /// The place in an epoch is one among the same samples.
  void compare_samples() {
    compare("train.limit_batches", field(before_, "limit_batches"), field(after_, "limit_batches"));
    if (!field(before_, "limit_batches").is_null())
      compare("train.batch_size", field(before_, "batch_size"), field(after_, "batch_size"));
  }

  const Json& before_;
  const Json& after_;
  std::vector<std::string> breaks_;
};

}  // namespace

std::vector<std::string> breaks(const Json& before, const Json& after) {
  return Comparison(before, after).breaks();
}

}  // namespace runner
