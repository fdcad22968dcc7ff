#pragma once

#include "registry/kinds.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// A place in a recipe, and what the registry lets stand there.
struct Spot {
  std::string path = {};
  std::string_view about = {};
  bool is_recipe = false;                   ///< the whole of it
  const Kind* kind = nullptr;               ///< of the component that stands here
  bool is_name = false;                     ///< of the component of that kind
  const FieldDescription* field = nullptr;  ///< of a value or a list, and of a list's elements
  bool is_element = false;
  /// Of a map; of groups, those of the optimizer. Null of a component that is not known, which may
  /// be any of its kind.
  const std::vector<FieldDescription>* fields = nullptr;
  Json initial = {};            ///< what is here where the recipe says nothing; null: nothing is
  const Json* value = nullptr;  ///< what a recipe has here; null: nothing

  bool is_known() const { return is_recipe || kind || field || fields; }
  bool is_component() const { return kind && !is_name; }
  bool is_group() const { return is_element && field->type == Type::groups; }
  /// Whether its children are elements.
  bool is_list() const;
  /// Whether its children have names.
  bool is_map() const;
};

/// The whole of a recipe, which outlives it; without one, for those that only ask what there is.
Spot spot_of(const Json& recipe);
Spot spot_of_recipe();

/// A field for itself, as a place without a path.
Spot spot_of(const FieldDescription& field);

/// A step further, to a key or an element as "[0]". `name` is what the recipe calls the component
/// there; empty: it is the default, or any. Where the registry knows of nothing, neither does the
/// spot.
Spot step(const Spot& spot, const std::string& key, const std::string& name);

/// The same, called as the recipe that the spot is of calls it.
Spot step(const Spot& spot, const std::string& key);

/// All that is a step further.
std::vector<Spot> inside(const Spot& spot);

/// The component's name, alone or in a map; empty when there is none.
std::string component_name(const Json* component);

/// What a group of an optimizer's parameters says besides fields of the optimizer.
const std::vector<FieldDescription>& group_fields();

}  // namespace runner
