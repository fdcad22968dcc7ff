#include "experiments/annotations.hpp"

#include "experiments/error.hpp"
#include "experiments/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::size_t longest_tag = 64;

void refuse(std::string_view what, std::string_view text, const std::string& problem) {
  if (!problem.empty())
    throw UserError(fmt::format("'{}' cannot be {}: {}", printable(text), what, problem));
}

void refuse_bad_tag(std::string_view tag) {
  const auto breaks_words = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == '\x7f';
  };
  if (tag.empty() || tag.size() > longest_tag || std::any_of(tag.begin(), tag.end(), breaks_words))
    throw UserError(fmt::format(
        "'{}' is no tag: expected a word of at most {} bytes, without blanks and commas",
        printable(tag), longest_tag));
  refuse("a tag", tag, problem_of_line(tag));
}

}  // namespace

Annotations read_annotations(const Database& database, std::string_view run_id) {
  Annotations found;
  auto tags = database.prepare("SELECT tag FROM tags WHERE run_id = ? ORDER BY tag");
  tags.with(run_id);
  while (tags.step()) found.tags.push_back(tags.text(0));
  auto run = database.prepare("SELECT ifnull(note, ''), archived FROM runs WHERE id = ?");
  if (!run.with(run_id).step()) return found;
  found.note = run.text(0);
  found.archived = run.integer(1) != 0;
  return found;
}

void add_tag(const Database& database, std::string_view run_id, std::string_view tag) {
  refuse_bad_tag(tag);
  database.prepare("INSERT OR IGNORE INTO tags VALUES (?, ?)").with(run_id, tag).run();
}

bool remove_tag(const Database& database, std::string_view run_id, std::string_view tag) {
  database.prepare("DELETE FROM tags WHERE run_id = ? AND tag = ?").with(run_id, tag).run();
  return database.changes() > 0;
}

void set_note(const Database& database, std::string_view run_id, std::string_view note) {
  refuse("a note", note, problem_of_lines(note));
  database.prepare("UPDATE runs SET note = nullif(?2, '') WHERE id = ?1").with(run_id, note).run();
}

void rename_run(const Database& database, std::string_view run_id, std::string_view name) {
  if (name.empty()) throw UserError("a run's name cannot be empty");
  refuse("a run's name", name, problem_of_line(name));
  database.prepare("UPDATE runs SET name = ?2 WHERE id = ?1").with(run_id, name).run();
}

void set_archived(const Database& database, std::string_view run_id, bool archived) {
  database.prepare("UPDATE runs SET archived = ?2 WHERE id = ?1")
      .with(run_id, std::int64_t{archived})
      .run();
}

}  // namespace runner
