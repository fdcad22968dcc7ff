#include "experiments/rank_logs.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace fs = std::filesystem;

namespace runner {
namespace {

constexpr std::string_view before = "rank", behind = ".log";

std::optional<std::int64_t> rank_of(const fs::path& file) {
  const auto name = file.filename().string();
  if (!name.starts_with(before) || !name.ends_with(behind)) return std::nullopt;
  const auto digits =
      std::string_view(name).substr(before.size(), name.size() - before.size() - behind.size());
  std::int64_t rank = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), rank);
  const bool is_number = error == std::errc() && rest == digits.data() + digits.size();
  return is_number ? std::optional(rank) : std::nullopt;
}

}  // namespace

fs::path rank_log(const fs::path& folder, std::int64_t rank) {
  return folder / (std::string(before) + std::to_string(rank) + std::string(behind));
}

std::vector<std::int64_t> ranks_with_logs(const fs::path& folder) {
  std::vector<std::int64_t> ranks;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable))
    if (const auto rank = rank_of(entry.path())) ranks.push_back(*rank);
  std::ranges::sort(ranks);
  return ranks;
}

}  // namespace runner
