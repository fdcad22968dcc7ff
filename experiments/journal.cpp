#include "experiments/journal.hpp"

#include "experiments/location.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>

namespace runner {
namespace {

using namespace std::chrono_literals;

// SQLite does not wait its busy timeout when the journal's mode changes while others open the file.
void set_journal(const Database& database, std::string_view mode) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  for (;;) {
    try {
      return database.execute(fmt::format("PRAGMA journal_mode = {}", mode));
    } catch (const BusyError&) {
      if (std::chrono::steady_clock::now() > deadline) throw;
      std::this_thread::sleep_for(5ms);
    }
  }
}

}  // namespace

void choose_journal(Database& database) {
  const bool network = on_network_filesystem(database.file().parent_path());
  const bool is_new = database.integer("PRAGMA user_version") == 0;
  if (is_new) set_journal(database, network ? "DELETE" : "WAL");
  // A database that was copied here from a local disk.
  if (network && !is_new && !database.read_only()) set_journal(database, "DELETE");
}

}  // namespace runner
