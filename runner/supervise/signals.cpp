#include "runner/supervise/signals.hpp"

#include <cerrno>
#include <system_error>

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace runner {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD}) sigaddset(&set, number);
  return set;
}

}  // namespace

Signals::Signals() {
  const auto set = watched();
  sigprocmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  fd_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "cannot watch for signals");
}

// They stay blocked: srun ends the other tasks as soon as one has failed, and whoever is about to
// exit with the run's own code must not die of that.
Signals::~Signals() { close(fd_); }

int Signals::take_stop_requests() {
  int requests = 0;
  signalfd_siginfo info;
  while (read(fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo != SIGCHLD) ++requests;
    if (info.ssi_signo == SIGUSR1) time_is_nearly_up_ = true;
    if (info.ssi_signo != SIGCHLD && info.ssi_signo != SIGINT) is_pressing_ = true;
  }
  return requests;
}

}  // namespace runner
