#include "experiments/details.hpp"
#include "runner/ui/api.hpp"
#include "runner/ui/run_of.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

namespace fs = std::filesystem;

namespace runner::ui {
namespace {

constexpr std::int64_t most_bytes = 256 << 10;

std::optional<std::int64_t> rank_of(const fs::path& file) {
  constexpr std::string_view before = "rank", behind = ".log";
  const auto name = file.filename().string();
  if (!name.starts_with(before) || !name.ends_with(behind)) return std::nullopt;
  const auto digits =
      std::string_view(name).substr(before.size(), name.size() - before.size() - behind.size());
  std::int64_t rank = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), rank);
  const bool is_number = error == std::errc() && rest == digits.data() + digits.size();
  return is_number ? std::optional(rank) : std::nullopt;
}

std::vector<std::int64_t> ranks_in(const fs::path& folder) {
  std::vector<std::int64_t> ranks;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable))
    if (const auto rank = rank_of(entry.path())) ranks.push_back(*rank);
  std::ranges::sort(ranks);
  return ranks;
}

std::string read_part(const fs::path& file, std::int64_t from, std::int64_t bytes) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(from);
  std::string text(static_cast<std::size_t>(bytes), '\0');
  in.read(text.data(), bytes);
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  return text;
}

// A letter of several bytes stays whole, and so does a line.
std::string whole_lines(std::string text) {
  const auto end = text.rfind('\n');
  if (std::ssize(text) == most_bytes && end != std::string::npos) text.resize(end + 1);
  return text;
}

}  // namespace

Json log(const Call& call) {
  const auto id = run_of(call.database, call.query.text("run"));
  const fs::path folder = read_run(call.database, id).run.logs.value_or("");
  const auto ranks = ranks_in(folder);
  const auto rank = call.query.integer("rank", ranks.empty() ? 0 : ranks.front());
  Json out = {{"run", id}, {"folder", folder.string()}, {"ranks", ranks}, {"rank", rank}};
  if (std::ranges::find(ranks, rank) == ranks.end()) {
    out.update({{"from", 0}, {"next", 0}, {"size", 0}, {"text", ""}});
    return out;
  }
  const auto file = folder / fmt::format("rank{}.log", rank);
  const auto size = static_cast<std::int64_t>(fs::file_size(file));
  const auto wanted = call.query.integer("from", -1);
  const auto from =
      wanted < 0 ? std::max<std::int64_t>(0, size - most_bytes) : std::min(wanted, size);
  const auto text = whole_lines(read_part(file, from, std::min(size - from, most_bytes)));
  out.update({{"from", from}, {"next", from + std::ssize(text)}, {"size", size}, {"text", text}});
  return out;
}

}  // namespace runner::ui
