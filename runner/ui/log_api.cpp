#include "experiments/details.hpp"
#include "experiments/rank_logs.hpp"
#include "runner/ui/api.hpp"
#include "runner/ui/run_of.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace runner::ui {
namespace {

constexpr std::int64_t most_log_bytes = 256 << 10;

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
  if (std::ssize(text) == most_log_bytes && end != std::string::npos) text.resize(end + 1);
  return text;
}

}  // namespace

Json log(const Call& call) {
  const auto id = run_of(call.database, call.query.text("run"));
  const fs::path folder = read_run(call.database, id).run.logs.value_or("");
  const auto ranks = ranks_with_logs(folder);
  const auto rank = call.query.integer("rank", ranks.empty() ? 0 : ranks.front());
  Json out = {{"run", id}, {"folder", folder.string()}, {"ranks", ranks}, {"rank", rank}};
  if (std::ranges::find(ranks, rank) == ranks.end()) {
    out.update({{"from", 0}, {"next", 0}, {"size", 0}, {"text", ""}});
    return out;
  }
  const auto file = rank_log(folder, rank);
  const auto size = static_cast<std::int64_t>(fs::file_size(file));
  const auto wanted = call.query.integer("from", -1);
  const auto from =
      wanted < 0 ? std::max<std::int64_t>(0, size - most_log_bytes) : std::min(wanted, size);
  const auto text = whole_lines(read_part(file, from, std::min(size - from, most_log_bytes)));
  out.update({{"from", from}, {"next", from + std::ssize(text)}, {"size", size}, {"text", text}});
  return out;
}

}  // namespace runner::ui
