#include "experiments/annotations.hpp"
#include "experiments/nearest.hpp"
#include "runner/terminal/run_json.hpp"
#include "runner/ui/api.hpp"
#include "runner/ui/run_of.hpp"

#include <array>

#include <fmt/format.h>

namespace runner::ui {
namespace {

using Change = void (*)(const Database&, const std::string& run, const Json& value);

void change_name(const Database& database, const std::string& run, const Json& value) {
  rename_run(database, run, value.get<std::string>());
}

void change_note(const Database& database, const std::string& run, const Json& value) {
  set_note(database, run, value.get<std::string>());
}

void change_archived(const Database& database, const std::string& run, const Json& value) {
  set_archived(database, run, value.get<bool>());
}

void add_tags(const Database& database, const std::string& run, const Json& value) {
  for (const auto& tag : value) add_tag(database, run, tag.get<std::string>());
}

void remove_tags(const Database& database, const std::string& run, const Json& value) {
  for (const auto& tag : value) remove_tag(database, run, tag.get<std::string>());
}

constexpr std::array<std::pair<std::string_view, Change>, 5> changes = {
    {{"name", change_name},
     {"note", change_note},
     {"archived", change_archived},
     {"add_tags", add_tags},
     {"remove_tags", remove_tags}}};

Change change_called(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [each, change] : changes) {
    if (each == name) return change;
    known.emplace_back(each);
  }
  throw UserError(fmt::format("a run has no '{}' to change; {}", name, what_instead(name, known)));
}

}  // namespace

Json edit(const Call& call) {
  const auto id = run_of(call.database, call.id);
  Transaction transaction(call.database);
  for (const auto& [name, value] : call.body.items()) {
    const auto change = change_called(name);
    try {
      change(call.database, id, value);
    } catch (const Json::type_error&) {
      throw UserError(fmt::format("'{}' cannot be {}", name, value.dump()));
    }
  }
  transaction.commit();
  return annotations_json(read_annotations(call.database, id));
}

}  // namespace runner::ui
