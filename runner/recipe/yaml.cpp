#include "runner/recipe/yaml.hpp"

#include "experiments/text.hpp"
#include "runner/recipe/scalar.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace runner {
namespace {

constexpr std::size_t most_values = 100'000;
constexpr std::size_t deepest = 64;

struct TooLarge {
  Place place;
  std::string message;
};

/// yaml-cpp counts lines and columns from 0, and gives -1 where it knows neither.
Place place_in(const Place& first, const YAML::Mark& mark) {
  const int line = std::max(0, mark.line);
  const int column = std::max(0, mark.column);
  return {first.source, first.line + line, column + (line == 0 ? first.column : 1)};
}

Place place_of_byte(const Place& first, std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto line = static_cast<int>(std::ranges::count(before, '\n'));
  const auto column = static_cast<int>(at - (line == 0 ? 0 : before.rfind('\n') + 1));
  return {first.source, first.line + line, column + (line == 0 ? first.column : 1)};
}

std::size_t count_values(const Node& value) {
  std::size_t count = 1;
  for (const auto& item : value.items) count += count_values(item);
  for (const auto& entry : value.entries) count += count_values(entry.value);
  return count;
}

/// A brace ends plain text in what stands in braces or brackets.
std::string reference_hint(std::string_view text, int line) {
  for (; line > 0 && text.find('\n') != text.npos; --line) text.remove_prefix(text.find('\n') + 1);
  return text.substr(0, text.find('\n')).find("${") == text.npos
             ? ""
             : "; within {} and [] a reference stands in quotes: \"${...}\"";
}

/// What YAML allows of them; the others may do anything to a terminal, and yaml-cpp takes a zero
/// byte for a backslash.
bool is_refused_control(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return (byte < ' ' && letter != '\t' && letter != '\n' && letter != '\r') || byte == 0x7f;
}

/// yaml-cpp turns the escapes `\N` and `\_` into the bytes 85 and A0, where UTF-8 has two bytes.
std::string with_whole_escapes(std::string_view text) {
  std::string out;
  while (const auto at = bad_utf8_at(text)) {
    out += text.substr(0, *at);
    out += text[*at] == '\x85' ? "\u0085" : text[*at] == '\xa0' ? "\u00a0" : "\ufffd";
    text.remove_prefix(*at + 1);
  }
  return out.append(text);
}

/// Builds a Node from yaml-cpp's events. Its node tree would do, but drops repeated keys and
/// expands aliases without limit.
class Builder : public YAML::EventHandler {
 public:
  Builder(const Place& first, Problems& problems)
      : first_(first), problems_(problems), root_{first, {}, {}, {}, {}} {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({place(mark), Node::Kind::scalar, nullptr, {}, {}}, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw TooLarge{place(mark), "an alias refers to a value that contains it"};
    count(mark, count_values(found->second));
    place_value(Node(found->second));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& raw) override {
    const auto at = place(mark);
    const auto text = with_whole_escapes(raw);
    const bool plain = tag == "?";
    if (!plain && tag != "!" && tag != "tag:yaml.org,2002:str") refuse_tag(at, tag);
    Scalar scalar = plain ? read_scalar(text) : Scalar{text, ""};
    if (!scalar.problem.empty()) {
      problems_.add(at, scalar.problem);
      scalar.value = Json(Json::value_t::discarded);
    }
    add({at, Node::Kind::scalar, std::move(scalar.value), {}, {}}, anchor, text);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    if (tag != "?" && tag != "tag:yaml.org,2002:seq") refuse_tag(place(mark), tag);
    open({place(mark), Node::Kind::list, nullptr, {}, {}}, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    if (tag != "?" && tag != "tag:yaml.org,2002:map") refuse_tag(place(mark), tag);
    open(Node::make_map(place(mark)), mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node value;
    YAML::anchor_t anchor;
    std::optional<Entry> pending;  ///< a map's key whose value comes next
  };

  Place place(const YAML::Mark& mark) const { return place_in(first_, mark); }

  void refuse_tag(const Place& at, const std::string& tag) {
    problems_.add(at, fmt::format("the tag {} has no meaning here; expected a plain value", tag));
  }

  void count(const YAML::Mark& mark, std::size_t values) {
    values_ += values;
    if (values_ > most_values)
      throw TooLarge{place(mark),
                     fmt::format("more than {} values, counting what aliases repeat", most_values)};
  }

  void open(Node value, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(mark, 1);
    if (open_.size() == deepest)
      throw TooLarge{value.place, fmt::format("nested deeper than {} levels", deepest)};
    open_.push_back({std::move(value), anchor, std::nullopt});
  }

  void close() {
    auto done = std::move(open_.back());
    open_.pop_back();
    take_merge_key(done.value);
    add(std::move(done.value), done.anchor);
  }

  /// `<<` of YAML 1.1: entries of other maps, where the map has none of its own; of several maps
  /// the first wins.
  void take_merge_key(Node& map) {
    const auto is_merge_key = [](const Entry& entry) { return entry.key == "<<"; };
    const auto found = std::ranges::find_if(map.entries, is_merge_key);
    if (found == map.entries.end()) return;
    auto value = std::move(found->value);
    map.entries.erase(found);
    auto maps = value.kind == Node::Kind::list ? std::move(value.items)
                                               : std::vector<Node>{std::move(value)};
    for (auto& other : maps) {
      if (!other.is_map())
        problems_.add(other.place,
                      "<< takes over the entries of a map; expected a map, or a list of maps; a "
                      "whole recipe is taken over by extends");
      for (auto& entry : other.entries)
        if (!map.find(entry.key)) map.entries.push_back(std::move(entry));
    }
  }

  void add(Node value, YAML::anchor_t anchor, const std::string& text = "") {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = value;
    place_value(std::move(value), text);
  }

  void place_value(Node value, const std::string& text = "") {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& parent = open_.back();
    if (!parent.value.is_map()) {
      parent.value.items.push_back(std::move(value));
    } else if (!parent.pending) {
      parent.pending = key_entry(value, text);
    } else {
      parent.pending->value = std::move(value);
      add_entry(parent.value, std::move(*parent.pending));
      parent.pending.reset();
    }
  }

  Entry key_entry(const Node& key, const std::string& text) {
    if (key.kind != Node::Kind::scalar)
      problems_.add(key.place, "a key is a list or a map; expected a name");
    return {text, key.place, {}};
  }

  void add_entry(Node& map, Entry entry) {
    for (const auto& earlier : map.entries) {
      if (earlier.key != entry.key) continue;
      problems_.add(entry.key_place,
                    fmt::format("'{}' is given twice; it was first given on line {}", entry.key,
                                earlier.key_place.line));
      return;
    }
    map.entries.push_back(std::move(entry));
  }

  Place first_;
  Problems& problems_;
  Node root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t values_ = 0;
};

}  // namespace

std::optional<Node> parse_yaml(const Place& first, std::string_view text, Problems& problems) {
  if (const auto at = bad_utf8_at(text)) {
    problems.add(place_of_byte(first, text, *at), "not UTF-8, which recipes are written in");
    return std::nullopt;
  }
  if (const auto control = std::ranges::find_if(text, is_refused_control); control != text.end()) {
    problems.add(
        place_of_byte(first, text, static_cast<std::size_t>(control - text.begin())),
        fmt::format("the control character \\x{:02x}, which YAML does not allow; in double "
                    "quotes it can be written so",
                    *control));
    return std::nullopt;
  }
  Builder builder(first, problems);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    Builder second(first, problems);
    if (parser.HandleNextDocument(second))
      problems.add(first, "a second document; expected one recipe in one file");
    return builder.take();
  } catch (const YAML::Exception& error) {
    problems.add(place_in(first, error.mark),
                 "not YAML: " + error.msg + reference_hint(text, error.mark.line));
  } catch (const TooLarge& too_large) {
    problems.add(too_large.place, too_large.message);
  }
  return std::nullopt;
}

}  // namespace runner
