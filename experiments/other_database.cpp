#include "experiments/other_database.hpp"

#include "experiments/error.hpp"
#include "experiments/schema.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

void remove_quietly(const fs::path& file) {
  std::error_code ignored;
  if (!file.empty()) fs::remove(file, ignored);
}

void refuse_unusable(const Database& database, const fs::path& file) {
  if (!fs::exists(file)) throw UserError(fmt::format("there is no database at {}", file.string()));
  if (!fs::is_regular_file(file))
    throw UserError(fmt::format("{} is no file; expected another database", file.string()));
  if (fs::equivalent(file, database.file()))
    throw UserError(fmt::format("{} is the database that it would be merged into", file.string()));
}

/// Of an older schema: its runs in ours. Empty for one of today's.
fs::path copy_if_older(const fs::path& file, const fs::path& beside) {
  Database other(file, Database::Open::read);
  refuse_foreign(other);
  const auto known = static_cast<std::int64_t>(schema_steps().size());
  if (other.integer("PRAGMA user_version") >= known) {
    migrate(other);  // refuses a newer one, and does nothing else
    return {};
  }
  const fs::path copy = fmt::format("{}.merge-{}.tmp", beside.string(), getpid());
  remove_quietly(copy);
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

OtherDatabase::OtherDatabase(const Database& database, const fs::path& file) : database_(database) {
  refuse_unusable(database, file);
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
