#pragma once

#include "registry/description.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// A kind of component, which is also the recipe's key for it.
struct Kind {
  std::string name;
  std::string summary;
  std::string fallback;  ///< what a recipe without the key gets; empty: it must choose
  std::vector<ComponentDescription> components;
  bool in_fields = false;  ///< no key of a recipe: only fields name some, as eval.metrics

  /// Null when nothing of that name is registered.
  const ComponentDescription* find(std::string_view component) const;
  std::vector<std::string> component_names() const;
};

// One for each kind, in its own folder, which knows the kind's components.
Kind model_kind();
Kind dataset_kind();
Kind loss_kind();
Kind optimizer_kind();
Kind scheduler_kind();
Kind precision_kind();
Kind topology_kind();
Kind metric_kind();
Kind transform_kind();

/// Everything that a recipe can name, in a recipe's usual order.
const std::vector<Kind>& kinds();

/// Null when there is no such kind.
const Kind* find_kind(std::string_view name);

/// While it lives, kinds() gives these: for tests of what reads descriptions.
class ReplacedKinds {
 public:
  explicit ReplacedKinds(std::vector<Kind> kinds);
  ~ReplacedKinds();
  ReplacedKinds(const ReplacedKinds&) = delete;
  ReplacedKinds& operator=(const ReplacedKinds&) = delete;

 private:
  const std::vector<Kind> kinds_;
  const std::vector<Kind>* before_;
};

}  // namespace runner
