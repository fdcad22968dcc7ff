#include "tests/trust/preloaded.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace runner {

CallCounts::CallCounts() {
  std::ofstream(file()) << std::string(sizeof(preload::Counts), '\0');
  const int fd = open(file().c_str(), O_RDWR | O_CLOEXEC);
  counts_ = static_cast<preload::Counts*>(
      mmap(nullptr, sizeof(preload::Counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  close(fd);
  if (counts_ == MAP_FAILED) throw std::runtime_error("cannot map " + file().string());
}

CallCounts::~CallCounts() { munmap(counts_, sizeof(preload::Counts)); }

std::uint64_t CallCounts::of(std::string_view kind) const {
  const auto number = std::ranges::find(preload::kinds, kind) - preload::kinds.begin();
  return counts_->calls[static_cast<std::size_t>(number)];
}

std::uint64_t CallCounts::fired() const { return counts_->fired; }

std::map<std::string, std::string> preloaded(const World& world, const std::string& process,
                                             std::map<std::string, std::string> more) {
  more.insert({{"LD_PRELOAD", RUNNER_TRUST_PRELOAD},
               {"RUNNER_TRUST_ROOT", world.folder()},
               {"RUNNER_TRUST_PROCESS", process}});
  return more;
}

Printed wait_or_kill(Program& program) {
  for (int i = 0; i < 12'000; ++i) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(program.pid()), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid != 0)
      return program.wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  program.signal(SIGKILL);
  auto printed = program.wait();
  printed.err += "it did not end within two minutes\n";
  return printed;
}

}  // namespace runner
