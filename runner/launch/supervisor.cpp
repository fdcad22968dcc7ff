#include "runner/launch/supervisor.hpp"

#include <vector>

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

namespace runner {
namespace {

constexpr int draw_interval_ms = 100;

std::string describe_signal(int number) {
  const char* name = sigabbrev_np(number);
  return fmt::format("SIG{} ({})", name ? name : std::to_string(number), strsignal(number));
}

}  // namespace

Outcome Supervisor::run(const Json& job) {
  worker_.channel().send(job);
  while (!worker_.poll_exit()) {
    wait_for_something();
    answer_stop_requests();
    read_messages();
    read_output();
    observer_.progress(worker_.heartbeat());
  }
  while (read_messages() || read_output()) continue;
  return outcome(worker_.wait());
}

void Supervisor::wait_for_something() const {
  pollfd sources[] = {{signals_.fd(), POLLIN, 0},
                      {channel_open_ ? worker_.channel().fd() : -1, POLLIN, 0},
                      {output_open_ ? worker_.output_fd() : -1, POLLIN, 0}};
  poll(sources, std::size(sources), draw_interval_ms);
}

bool Supervisor::read_messages() {
  pollfd source{worker_.channel().fd(), POLLIN, 0};
  if (!channel_open_ || poll(&source, 1, 0) <= 0) return false;
  std::vector<Json> messages;
  channel_open_ = worker_.channel().drain(messages);
  for (const auto& message : messages) {
    if (message.at("event") == "finished") finished_ = message;
    observer_.event(message);
  }
  return channel_open_;
}

bool Supervisor::read_output() {
  pollfd source{worker_.output_fd(), POLLIN, 0};
  if (!output_open_ || poll(&source, 1, 0) <= 0) return false;
  char buffer[4096];
  const auto n = read(worker_.output_fd(), buffer, sizeof buffer);
  output_open_ = n > 0;
  if (n > 0)
    partial_line_.append(buffer, static_cast<std::size_t>(n));
  else if (!partial_line_.empty())
    partial_line_ += '\n';
  for (auto end = partial_line_.find('\n'); end != std::string::npos;
       end = partial_line_.find('\n')) {
    last_line_ = partial_line_.substr(0, end);
    observer_.output(last_line_);
    partial_line_.erase(0, end + 1);
  }
  return output_open_;
}

/// The first request stops the worker after its step; the second does not wait.
void Supervisor::answer_stop_requests() {
  const int new_requests = signals_.take_stop_requests();
  if (new_requests == 0) return;
  if (stop_requests_ == 0) {
    worker_.signal(SIGTERM);
    observer_.stopping();
  } else {
    worker_.signal(SIGKILL);
  }
  stop_requests_ += new_requests;
}

Outcome Supervisor::outcome(const Exit& exit) const {
  const auto step = worker_.heartbeat().step.load();
  if (!finished_.is_null()) {
    const auto status = finished_.at("status").get<std::string>();
    const auto ending = status == "done"          ? Ending::done
                        : status == "interrupted" ? Ending::interrupted
                                                  : Ending::failed;
    return {ending, finished_.at("reason").get<std::string>()};
  }
  if (stop_requests_ > 1)
    return {Ending::interrupted, fmt::format("killed at step {} on a second request", step)};
  if (exit.signal != 0)
    return {Ending::failed, fmt::format("the worker was killed by {} at step {}",
                                        describe_signal(exit.signal), step)};
  const auto told = last_line_.empty() ? "" : ": " + last_line_;
  return {Ending::failed,
          fmt::format("the worker exited with code {} at step {}{}", exit.code, step, told)};
}

}  // namespace runner
