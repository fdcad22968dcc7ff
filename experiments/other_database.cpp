#include "experiments/other_database.hpp"

#include "experiments/error.hpp"
#include "experiments/permissions.hpp"
#include "experiments/schema.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

std::int64_t known_version() { return static_cast<std::int64_t>(schema_steps().size()); }

void remove_quietly(const fs::path& file) {
  std::error_code ignored;
  if (!file.empty()) fs::remove(file, ignored);
}

void refuse_itself(const Database& database, const fs::path& file) {
  if (fs::equivalent(file, database.file()))
    throw UserError(fmt::format("{} is the database that it would be merged into", file.string()));
}

/// Of an older schema: its runs in ours. Empty for one of today's.
fs::path copy_if_older(const fs::path& file, const fs::path& beside) {
  const Database other(file, Database::Open::read);
  if (other.integer("PRAGMA user_version") == known_version()) return {};
  const fs::path copy = fmt::format("{}.merge-{}.tmp", beside.string(), getpid());
  remove_quietly(copy);
  make_file(copy);
  try {
    other.prepare("VACUUM INTO ?").with(copy.string()).run();
    Database ours(copy, Database::Open::existing);
    migrate(ours);
  } catch (...) {
    remove_quietly(copy);
    throw;
  }
  return copy;
}

}  // namespace

void refuse_unusable(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error))
    throw UserError(fmt::format("there is no database at {}", file.string()));
  if (!fs::is_regular_file(file, error))
    throw UserError(fmt::format("{} is no file; expected another database", file.string()));
  Database other(file, Database::Open::read);
  refuse_foreign(other);
  if (other.integer("PRAGMA user_version") >= known_version()) migrate(other);  // refuses a newer
}

OtherDatabase::OtherDatabase(const Database& database, const fs::path& file) : database_(database) {
  refuse_unusable(file);
  refuse_itself(database, file);
  copy_ = copy_if_older(file, database.file());
  database.prepare("ATTACH ? AS other")
      .with(read_only_address(fs::absolute(copy_.empty() ? file : copy_)))
      .run();
}

OtherDatabase::~OtherDatabase() {
  try {
    database_.execute("DETACH other");
  } catch (const StoreError&) {
    // It goes with the connection.
  }
  remove_quietly(copy_);
}

}  // namespace runner
