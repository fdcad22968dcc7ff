#pragma once

#include "experiments/sqlite.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// What people say of a run afterwards.
struct Annotations {
  std::vector<std::string> tags;  ///< in the order of the alphabet
  std::string note;
  bool archived = false;  ///< lists leave it out
};

Annotations read_annotations(const Database& database, std::string_view run_id);

/// Throws UserError for what is no tag: empty, longer than 64 bytes, or with a blank, a comma or a
/// control character.
void add_tag(const Database& database, std::string_view run_id, std::string_view tag);
/// False when the run did not have it.
bool remove_tag(const Database& database, std::string_view run_id, std::string_view tag);
/// An empty one takes the note away.
void set_note(const Database& database, std::string_view run_id, std::string_view note);
/// Throws UserError for an empty name.
void rename_run(const Database& database, std::string_view run_id, std::string_view name);
void set_archived(const Database& database, std::string_view run_id, bool archived);

}  // namespace runner
