#include "runner/launch/output_of.hpp"

#include <array>
#include <cstdio>
#include <memory>

namespace runner {
namespace {

struct ClosePipe {
  void operator()(std::FILE* pipe) const { pclose(pipe); }
};

}  // namespace

std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, ClosePipe> pipe(popen(command.c_str(), "re"));
  std::string output;
  std::array<char, 4096> buffer;
  while (pipe)
    if (const auto n = std::fread(buffer.data(), 1, buffer.size(), pipe.get()); n > 0)
      output.append(buffer.data(), n);
    else
      break;
  return output;
}

}  // namespace runner
