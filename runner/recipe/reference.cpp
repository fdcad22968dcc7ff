#include "runner/recipe/reference.hpp"

#include "runner/recipe/known_fields.hpp"
#include "runner/recipe/override.hpp"
#include "runner/recipe/path.hpp"
#include "runner/recipe/spot.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

constexpr std::size_t longest_chain = 64;
constexpr std::size_t most_values = 100'000;

/// A piece of a text: what stands in `${...}`, or characters that mean themselves.
struct Piece {
  bool is_reference;
  std::string text;
};

/// Where the `}` of a reference is that begins at `at`; npos when there is none.
std::size_t end_of_reference(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth == 0) return at;
  }
  return text.npos;
}

/// Empty where a `}` is missing.
std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  const auto add_text = [&](std::string_view more) {
    if (pieces.empty() || pieces.back().is_reference) pieces.push_back({false, ""});
    pieces.back().text += more;
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    if (rest.starts_with("$$")) {
      add_text("$");
      at += 2;
    } else if (rest.starts_with("${")) {
      const auto end = end_of_reference(text, at);
      if (end == text.npos) return {};
      pieces.push_back({true, std::string(text.substr(at + 2, end - at - 2))});
      at = end + 1;
    } else {
      add_text(rest.substr(0, 1));
      ++at;
    }
  }
  return pieces;
}

/// What `env:NAME,default` names; none of another reference.
struct Variable {
  std::string name;
  std::optional<std::string> fallback;

  static std::optional<Variable> of(const std::string& reference) {
    if (!reference.starts_with("env:")) return std::nullopt;
    const auto rest = reference.substr(4);
    const auto comma = rest.find(',');
    if (comma == rest.npos) return Variable{rest, std::nullopt};
    return Variable{rest.substr(0, comma), rest.substr(comma + 1)};
  }

  /// Null where it is not set, and of the ranks' secret.
  const char* value() const {
    return name == "RUNNER_SECRET" ? nullptr : std::getenv(name.c_str());
  }

  std::string unset() const {
    if (name == "RUNNER_SECRET")
      return "RUNNER_SECRET cannot stand in a recipe: a run records the values of its recipe";
    return name.empty() ? "${env:} names no variable; expected ${env:NAME}"
                        : fmt::format(
                              "the environment has no {0}; a default is given as "
                              "${{env:{0},default}}",
                              name);
  }
};

/// The variable's value as a node of the recipe; a default may hold references itself. Empty when
/// it is not set, or is no value, which goes to `problems`.
std::optional<Node> value_of(const Variable& variable, const Place& place, Problems& problems) {
  if (const auto* text = variable.value()) {
    const auto source = std::make_shared<Source>(
        Source{"the environment's " + variable.name, std::string(text), false});
    auto value = read_value({source, 1, 1}, variable.name + "=", text, problems);
    if (value) make_final(*value);
    return value;
  }
  if (variable.fallback) return read_value(place, "", *variable.fallback, problems);
  problems.add(place, variable.unset());
  return std::nullopt;
}

bool may_have_references(const Node& node) {
  return node.scalar.is_string() && !node.is_final &&
         node.scalar.get_ref<const std::string&>().find('$') != std::string::npos;
}

/// Also of all that is in it, which has origins of its own.
void refer(Node& node, const std::string& reference) {
  if (node.reference.empty()) node.reference = reference;
  for (auto& item : node.items) refer(item, reference);
  for (auto& entry : node.entries) refer(entry.value, reference);
}

/// In place of the text `written`; the place stays.
void put_in(Node& node, Node value, const std::string& written) {
  auto reference = node.reference.empty() ? written : node.reference;
  value.place = node.place;
  node = std::move(value);
  node.reference.clear();
  refer(node, reference);
}

std::string with_dollars_doubled(std::string_view text) {
  std::string out;
  for (const char letter : text) out += letter == '$' ? std::string("$$") : std::string(1, letter);
  return out;
}

/// Puts the environment's text between the rest, which is read again.
void put_in_text(Node& node, const std::vector<Piece>& pieces, Problems& problems) {
  std::string text;
  bool has_variable = false;
  for (const auto& piece : pieces) {
    const auto variable = piece.is_reference ? Variable::of(piece.text) : std::nullopt;
    const auto* value = variable ? variable->value() : nullptr;
    has_variable |= variable.has_value();
    if (value)
      text += with_dollars_doubled(value);
    else if (variable && variable->fallback)
      text += *variable->fallback;
    else
      text += piece.is_reference ? "${" + piece.text + "}" : with_dollars_doubled(piece.text);
    if (variable && !value && !variable->fallback) problems.add(node.place, variable->unset());
  }
  if (has_variable)
    put_in(node, {node.place, Node::Kind::scalar, text, {}, {}}, node.scalar.get<std::string>());
}

/// A component whose name refers to a whole component is that one.
void take_components(Node& node) {
  for (auto& item : node.items) take_components(item);
  for (auto& entry : node.entries) take_components(entry.value);
  auto* name = node.find("name");
  if (!name || name->reference.empty() || !name->is_map()) return;
  const auto component = std::move(*name);
  std::erase_if(node.entries, [](const Entry& entry) { return entry.key == "name"; });
  for (const auto& entry : component.entries)
    if (!node.find(entry.key)) node.entries.push_back(entry);
}

class Interpolator {
 public:
  Interpolator(Node& recipe, const std::string& name, Problems& problems)
      : recipe_(recipe), name_(name), problems_(problems) {}

  void resolve(Node& node) {
    if (!chain_.empty() && ++values_ > most_values) return;  // target() says so
    if (may_have_references(node)) resolve_text(node);
    for (auto& item : node.items) resolve(item);
    for (auto& entry : node.entries) resolve(entry.value);
  }

 private:
  void resolve_text(Node& node) {
    const auto text = node.scalar.get<std::string>();
    const auto pieces = pieces_of(text);
    if (pieces.empty()) {
      problems_.add(node.place, fmt::format("'{}': a }} is missing; $${{ is text", text));
      return fail(node);
    }
    if (pieces.size() == 1 && !pieces.front().is_reference) {
      node.scalar = pieces.front().text;
      return make_final(node);
    }
    if (!enter(node, text)) return fail(node);
    auto value = pieces.size() == 1 && pieces.front().is_reference
                     ? target(pieces.front().text, node.place)
                     : joined(pieces, node.place);
    chain_.pop_back();
    if (!value) return fail(node);
    put_in(node, std::move(*value), text);
    make_final(node);
  }

  static void fail(Node& node) {
    node.scalar = Json(Json::value_t::discarded);
    node.is_final = true;
  }

  bool enter(const Node& node, const std::string& text) {
    const auto is_same = [&](const Step& step) { return step.node == &node; };
    const auto earlier = std::ranges::find_if(chain_, is_same);
    if (earlier != chain_.end()) {
      std::vector<std::string> circle;
      for (auto step = earlier; step != chain_.end(); ++step) circle.push_back(step->text);
      problems_.add(node.place, fmt::format("the references go round in a circle: {} -> {}",
                                            fmt::join(circle, " -> "), text));
      return false;
    }
    if (chain_.size() == longest_chain) {
      problems_.add(node.place, fmt::format("more than {} references, each of which refers to the "
                                            "next",
                                            longest_chain));
      return false;
    }
    chain_.push_back({&node, text});
    return true;
  }

  /// The environment's texts have been put in by read_environment().
  std::optional<Node> joined(const std::vector<Piece>& pieces, const Place& place) {
    std::string text;
    bool is_whole = true;
    for (const auto& piece : pieces) {
      if (!piece.is_reference) {
        text += piece.text;
        continue;
      }
      const auto part = text_of(piece.text, place);
      if (part) text += *part;
      is_whole &= part.has_value();
    }
    if (!is_whole) return std::nullopt;
    return Node{place, Node::Kind::scalar, text, {}, {}};
  }

  std::optional<std::string> text_of(const std::string& reference, const Place& place) {
    const auto value = target(reference, place);
    if (!value || value->scalar.is_discarded()) return std::nullopt;
    if (value->kind != Node::Kind::scalar || value->scalar.is_null()) {
      problems_.add(place, fmt::format("${{{}}} is {}, which cannot stand in a text", reference,
                                       value->kind == Node::Kind::list ? "a list"
                                       : value->is_map()               ? "a map"
                                                                       : "empty"));
      return std::nullopt;
    }
    return value->scalar.is_string() ? value->scalar.get<std::string>() : value->scalar.dump();
  }

  std::optional<Node> target(const std::string& reference, const Place& place) {
    if (const auto variable = Variable::of(reference)) {
      auto value = value_of(*variable, place, problems_);
      if (value) resolve(*value);
      return value;
    }
    if (auto* given = find_given(reference)) {
      resolve(*given);
      if (values_ > most_values) {
        problems_.add(place, fmt::format("more than {} values, counting what references repeat",
                                         most_values));
        return std::nullopt;
      }
      return *given;
    }
    if (auto value = find_default(reference)) return value;
    problems_.add(place, unknown(reference));
    return std::nullopt;
  }

  /// What the recipe itself says at a path; null when it says nothing.
  Node* find_given(std::string_view path) {
    const auto steps = path_steps(path);
    if (steps.empty()) return nullptr;
    auto* node = &recipe_;
    auto spot = spot_of_recipe();
    for (const auto& [key, offset] : steps) {
      if (may_have_references(*node)) resolve_text(*node);
      // A component's short form is its name.
      if (spot.is_component() && key == "name" && node->scalar.is_string()) return node;
      node = const_cast<Node*>(child_of(*node, {key, offset}));
      if (!node) return nullptr;
      spot = step(spot, key, component_name(*node));
    }
    return node;
  }

  /// What a name refers to, before its component is looked into; empty when there is none.
  std::string name_given(const std::string& component) {
    auto* name = find_given(component + ".name");
    if (name) resolve(*name);
    return name ? component_name(*name) : "";
  }

  std::optional<Node> find_default(const std::string& path) {
    if (path == "name") return make_node(name_);
    auto spot = spot_of_recipe();
    for (const auto& [key, offset] : path_steps(path)) {
      auto next = step(spot, key, "");
      if (next.is_component()) next = step(spot, key, name_given(next.path));
      const auto* given = find_given(next.path);
      if (next.is_element && !given && next.initial.is_null()) return std::nullopt;
      // The elements are those that are given, if there are any.
      if (given && given->kind == Node::Kind::list) next.initial = nullptr;
      spot = std::move(next);
    }
    const bool has_default =
        !spot.initial.is_null() || (spot.field && !spot.is_element && spot.field->nullable);
    return has_default ? std::optional(make_node(spot.initial)) : std::nullopt;
  }

  std::string unknown(const std::string& path) {
    const auto what = fmt::format("${{{0}}}: the recipe has no value '{0}'", path);
    const auto variable = path.substr(path.find_last_of(".:") + 1);
    if (std::getenv(variable.c_str()))
      return fmt::format("{}; the environment's is ${{env:{}}}", what, variable);
    const auto paths = suggested_paths(path, "", known_fields(recipe_));
    return paths.empty() ? what + "; expected a path such as optimizer.lr, or env:NAME"
                         : fmt::format("{}; did you mean {}?", what, paths);
  }

  struct Step {
    const Node* node;
    std::string text;
  };

  Node& recipe_;
  const std::string& name_;
  Problems& problems_;
  std::vector<Step> chain_;  ///< the texts being resolved, from the first to the one that it needs
  std::size_t values_ = 0;
};

}  // namespace

bool has_references(const Node& node) {
  if (!may_have_references(node)) return false;
  const auto text = node.scalar.get<std::string>();
  return std::ranges::any_of(pieces_of(text), &Piece::is_reference);
}

void read_environment(Node& node, Problems* problems) {
  Problems unset;
  if (may_have_references(node)) {
    const auto text = node.scalar.get<std::string>();
    const auto pieces = pieces_of(text);
    const bool is_alone = pieces.size() == 1 && pieces.front().is_reference;
    if (!is_alone && !pieces.empty()) put_in_text(node, pieces, unset);
    if (const auto variable = is_alone ? Variable::of(pieces.front().text) : std::nullopt)
      if (auto value = value_of(*variable, node.place, unset)) {
        read_environment(*value, problems);
        put_in(node, std::move(*value), text);
      }
  }
  if (problems)
    for (const auto& problem : unset.all()) problems->add(problem.place, problem.message);
  for (auto& item : node.items) read_environment(item, problems);
  for (auto& entry : node.entries) read_environment(entry.value, problems);
}

void interpolate(Node& node, Node& recipe, const std::string& name, Problems& problems) {
  Interpolator(recipe, name, problems).resolve(node);
  take_components(node);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '$' && (next == '$' || next == '{')) out += '$';
    out += text[i];
  }
  return out;
}

void make_final(Node& node) {
  node.is_final = true;
  for (auto& item : node.items) make_final(item);
  for (auto& entry : node.entries) make_final(entry.value);
}

}  // namespace runner
