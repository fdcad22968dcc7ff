#pragma once

#include "tests/trust/preload.hpp"
#include "tests/trust/world.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace runner {

/// The counts of calls, in a file that the program under test maps, too.
class CallCounts {
 public:
  CallCounts();
  ~CallCounts();
  CallCounts(const CallCounts&) = delete;
  CallCounts& operator=(const CallCounts&) = delete;

  std::uint64_t of(std::string_view kind) const;
  std::uint64_t fired() const;
  std::filesystem::path file() const { return folder_.path() / "counts"; }

 private:
  TemporaryDirectory folder_;
  preload::Counts* counts_;
};

/// The environment in which the library concerns itself with the world's files.
std::map<std::string, std::string> preloaded(const World& world, const std::string& process,
                                             std::map<std::string, std::string> more);

/// As Program::wait, but what takes longer than two minutes is killed: a negative code.
Printed wait_or_kill(Program& program);

}  // namespace runner
