#include "runner/supervise/worker_process.hpp"

#include "runner/protocol/description.hpp"

#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace runner {
namespace {

/// The environment without the secret by which supervisors know each other, with a say on how long
/// OpenMP's threads spin for work before they sleep, unless the user has one. On cores that others
/// want, too, spinning uses up the time slices in which the work could be done; on idle ones it
/// saves waking up. The figures are in train/README.md.
class WorkerEnvironment {
 public:
  WorkerEnvironment() {
    for (char** variable = environ; *variable; ++variable)
      if (!std::string_view(*variable).starts_with("RUNNER_SECRET="))
        variables_.push_back(*variable);
    if (!getenv("GOMP_SPINCOUNT") && !getenv("OMP_WAIT_POLICY")) variables_.push_back(spin_.data());
    variables_.push_back(nullptr);
  }
  char** variables() { return variables_.data(); }

 private:
  std::string spin_ = "GOMP_SPINCOUNT=5000";
  std::vector<char*> variables_;
};

/// What the new process inherits and how it starts.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    // The worker unblocks SIGTERM once it can answer it: LibTorch takes a while to load.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGUSR1);  // Slurm's --signal reaches it, too; the supervisor answers
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  void give(int fd, int as) { posix_spawn_file_actions_adddup2(&actions_, fd, as); }

  pid_t spawn(const std::filesystem::path& executable) {
    std::string name = executable.string();
    char* arguments[] = {name.data(), nullptr};
    pid_t pid = -1;
    WorkerEnvironment environment;
    const int error = posix_spawn(&pid, name.c_str(), &actions_, &attributes_, arguments,
                                  environment.variables());
    if (error != 0) throw std::system_error(error, std::generic_category(), "cannot start " + name);
    return pid;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

Exit to_exit(int status, const rusage& usage) {
  const double peak_bytes = 1024.0 * static_cast<double>(usage.ru_maxrss);
  return WIFSIGNALED(status) ? Exit{0, WTERMSIG(status), peak_bytes}
                             : Exit{WEXITSTATUS(status), 0, peak_bytes};
}

/// Above the numbers that the worker inherits under, so that one dup2 cannot overwrite the source
/// of the next.
int out_of_the_way(int fd) {
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, 10);
  if (moved < 0)
    throw std::system_error(errno, std::generic_category(), "cannot duplicate a descriptor");
  close(fd);
  return moved;
}

}  // namespace

WorkerProcess::WorkerProcess(const std::filesystem::path& executable) {
  int sockets[2], output[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0 ||
      pipe2(output, O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make a channel to the worker");
  channel_ = std::make_unique<Channel>(out_of_the_way(sockets[0]));
  output_fd_ = out_of_the_way(output[0]);
  const int theirs = out_of_the_way(sockets[1]);
  const int their_output = out_of_the_way(output[1]);
  const int their_heartbeat = fcntl(heartbeat_.fd(), F_DUPFD_CLOEXEC, 10);
  SpawnPlan plan;
  plan.give(their_output, STDOUT_FILENO);
  plan.give(their_output, STDERR_FILENO);
  plan.give(theirs, worker_channel_fd);
  plan.give(their_heartbeat, worker_heartbeat_fd);
  pid_ = plan.spawn(executable);
  for (const int fd : {theirs, their_output, their_heartbeat}) close(fd);
  channel_->send(protocol::Hello{protocol::version()});
}

WorkerProcess::~WorkerProcess() {
  if (!poll_exit()) {
    signal(SIGKILL);
    wait();
  }
  close(output_fd_);
}

std::optional<protocol::FromWorker> WorkerProcess::take() {
  const auto message = channel_->take();
  if (!message) return std::nullopt;
  if (!std::exchange(knows_worker_, true))
    if (const auto other = protocol::other_version(*message, "runner-worker", "runner");
        !other.empty())
      throw std::runtime_error(other);
  return read_message<protocol::FromWorker>(*message);
}

void WorkerProcess::signal(int number) const { kill(pid_, number); }

std::optional<Exit> WorkerProcess::poll_exit() {
  int status = 0;
  rusage usage{};
  if (!exit_ && wait4(pid_, &status, WNOHANG, &usage) == pid_) exit_ = to_exit(status, usage);
  return exit_;
}

Exit WorkerProcess::wait() {
  int status = 0;
  rusage usage{};
  while (!exit_) {
    if (wait4(pid_, &status, 0, &usage) == pid_)
      exit_ = to_exit(status, usage);
    else if (errno != EINTR)
      exit_ = Exit{1, 0, 0};
  }
  return *exit_;
}

std::filesystem::path find_worker() {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  for (const auto& candidate :
       {folder / "runner-worker", folder.parent_path() / "libexec/runner/runner-worker"})
    if (std::filesystem::exists(candidate)) return candidate;
  throw std::runtime_error("there is no runner-worker beside " + (folder / "runner").string());
}

}  // namespace runner
