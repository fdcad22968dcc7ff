#include "runner/ui/changes.hpp"

#include "experiments/store.hpp"

#include <chrono>

namespace runner::ui {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto between_looks = std::chrono::milliseconds(200);
constexpr auto between_searches = std::chrono::seconds(2);

}  // namespace

Changes::Changes(std::filesystem::path database)
    : database_(std::move(database)), watcher_([this] {
        while (!stopped_) watch();
      }) {}

Changes::~Changes() {
  stopped_ = true;
  watcher_.join();
}

void Changes::watch() {
  try {
    auto store = Store::open(database_);
    auto& database = store.database();
    auto searched = Clock::now();
    for (std::int64_t seen = -1; !stopped_; std::this_thread::sleep_for(between_looks)) {
      if (!database.read_only() && Clock::now() - searched > between_searches) {
        if (store.mark_crashed_runs() > 0) ++count_;
        searched = Clock::now();
      }
      const auto version = database.integer("PRAGMA data_version");
      if (version != seen) ++count_;
      seen = version;
    }
  } catch (const std::exception&) {
    // Gone or locked for a while: requests tell what is wrong with it; this looks again.
    std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace runner::ui
