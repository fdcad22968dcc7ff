#include "experiments/id.hpp"

#include "experiments/value.hpp"

#include <algorithm>
#include <mutex>
#include <string_view>

#include <sys/random.h>

namespace runner {
namespace {

constexpr std::int64_t epoch_ms = 1'704'067'200'000;  // 2024-01-01 UTC
constexpr int id_length = 10;
constexpr int longest_id = 20;  // of one that was made free by next_run_id()
constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";

std::uint64_t time_and_chance() {
  std::uint16_t chance = 0;
  getrandom(&chance, sizeof chance, 0);
  const auto ticks = static_cast<std::uint64_t>((now_ms() - epoch_ms) * 1024 / 1000);
  return (ticks << 10) | (chance & 1023);
}

}  // namespace

std::string crockford(std::uint64_t number) {
  std::string text(id_length, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 5) {
    *digit = digits[number & 31];
  }
  return text;
}

std::string new_run_id() {
  static std::mutex mutex;
  static std::uint64_t last = 0;
  const std::lock_guard lock(mutex);
  return crockford(last = std::max(last + 1, time_and_chance()));
}

bool is_run_id(std::string_view text) {
  return text.size() >= id_length && text.size() <= longest_id &&
         text.find_first_not_of(digits) == text.npos;
}

std::string next_run_id(std::string id) {
  for (auto digit = id.rbegin(); digit != id.rend(); ++digit) {
    const auto place = digits.find(*digit);
    *digit = place == digits.npos || place + 1 == digits.size() ? '0' : digits[place + 1];
    if (*digit != '0') return id;
  }
  return id + '0';
}

}  // namespace runner
