#include "runner/record/git.hpp"

#include <array>
#include <cstdio>
#include <memory>

namespace runner {
namespace {

struct ClosePipe {
  void operator()(std::FILE* pipe) const { pclose(pipe); }
};

std::string output_of(const char* command) {
  const std::unique_ptr<std::FILE, ClosePipe> pipe(popen(command, "re"));
  std::string output;
  std::array<char, 4096> buffer;
  while (pipe)
    if (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe.get()); n > 0)
      output.append(buffer.data(), n);
    else
      break;
  return output;
}

}  // namespace

std::optional<GitState> git_state() {
  const auto output = output_of(
      "git rev-parse --verify HEAD 2>/dev/null && git status --porcelain -uno 2>/dev/null");
  const auto end = output.find('\n');
  if (end == std::string::npos) return std::nullopt;
  return GitState{output.substr(0, end), end + 1 < output.size()};
}

}  // namespace runner
