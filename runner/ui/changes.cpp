#include "runner/ui/changes.hpp"

#include <utility>

namespace runner::ui {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto between_looks = std::chrono::milliseconds(200);
constexpr auto between_marks = std::chrono::seconds(2);
constexpr auto between_settlements = std::chrono::seconds(30);

}  // namespace

Changes::Changes(std::filesystem::path database, std::function<void(Store&)> settle)
    : database_(std::move(database)), settle_(std::move(settle)), watcher_([this] {
        while (!stopped_) watch();
      }) {}

Changes::~Changes() {
  stopped_ = true;
  watcher_.join();
}

void Changes::mark_ended_runs(Store& store) {
  const auto is_due = [now = Clock::now()](Clock::time_point& last, Clock::duration between) {
    if (now - last < between) return false;
    last = now;
    return true;
  };
  if (is_due(marked_, between_marks) && store.mark_crashed_runs() > 0) ++count_;
  if (settle_ && is_due(settled_, between_settlements)) settle_(store);
}

void Changes::watch() {
  try {
    auto store = Store::open(database_);
    auto& database = store.database();
    for (std::int64_t seen = -1; !stopped_; std::this_thread::sleep_for(between_looks)) {
      if (!database.read_only()) mark_ended_runs(store);
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
