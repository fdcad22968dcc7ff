#include "runner/doctor/read.hpp"

#include <fstream>

#include <unistd.h>

namespace runner::doctor {

namespace fs = std::filesystem;

std::optional<std::int64_t> number_in(const fs::path& file) {
  std::ifstream in(file);
  std::int64_t number = 0;
  return in >> number ? std::optional(number) : std::nullopt;
}

std::string first_line_of(const std::string& text) { return text.substr(0, text.find('\n')); }

fs::path existing(fs::path folder) {
  folder = fs::absolute(folder);
  std::error_code unreadable;
  while (!fs::exists(folder, unreadable) && folder != folder.root_path())
    folder = folder.parent_path();
  return folder;
}

std::optional<std::int64_t> free_space(fs::path folder) {
  std::error_code unreadable;
  const auto space = fs::space(existing(std::move(folder)), unreadable);
  if (unreadable) return std::nullopt;
  return static_cast<std::int64_t>(space.available);
}

bool may_write(const fs::path& folder) {
  return access(existing(folder).c_str(), W_OK | X_OK) == 0;
}

}  // namespace runner::doctor
