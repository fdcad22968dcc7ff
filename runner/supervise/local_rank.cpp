#include "runner/supervise/local_rank.hpp"

#include "experiments/permissions.hpp"
#include "experiments/process.hpp"

#include <array>

#include <fmt/format.h>
#include <string.h>
#include <unistd.h>

namespace runner {
namespace {

std::string describe_signal(int number) {
  const char* name = sigabbrev_np(number);
  return fmt::format("SIG{} ({})", name ? name : std::to_string(number), strsignal(number));
}

/// By SIGSTOP or a debugger.
bool is_stopped(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  return name_end != std::string::npos && line.compare(name_end, 4, ") T ") == 0;
}

}  // namespace

RankState LocalRank::state() const {
  auto state = state_of(rank_, worker_->heartbeat());
  if (state.pulse == 0 && is_stopped(worker_->pid())) state.pulse = -1;
  return state;
}

void LocalRank::add_sources(std::vector<pollfd>& sources) const {
  if (channel_open_) sources.push_back({worker_->channel_fd(), POLLIN, 0});
  if (output_open_) sources.push_back({worker_->output_fd(), POLLIN, 0});
}

void LocalRank::read(RankListener& listener) {
  if (ended_) return;
  const auto exit = worker_->poll_exit();
  read_messages(listener);
  read_output(listener);
  if (!exit && !waits()) return;
  while (read_messages(listener) || read_output(listener)) continue;
  ended_ = true;
  tell_end(exit.value_or(Exit{}), listener);
}

bool LocalRank::read_messages(RankListener& listener) {
  if (!channel_open_ || !is_readable(worker_->channel_fd())) return false;
  channel_open_ = worker_->channel().read();
  while (const auto message = worker_->take())
    std::visit(
        Overloaded{[](const protocol::Hello&) {},
                   [](const protocol::Checked&) {},  // nobody waits for it any more
                   [&](const protocol::Finished& last) { finished_ = last; },
                   [&](const protocol::StoreRequest& request) { listener.asked(rank_, request); },
                   [&](const auto& event) { listener.event(rank_, event); }},
        *message);
  return channel_open_;
}

bool LocalRank::read_output(RankListener& listener) {
  if (!output_open_ || !is_readable(worker_->output_fd())) return false;
  std::array<char, 4096> buffer{};
  const auto n = ::read(worker_->output_fd(), buffer.data(), buffer.size());
  output_open_ = n > 0;
  if (n > 0)
    partial_line_.append(buffer.data(), static_cast<std::size_t>(n));
  else if (!partial_line_.empty())
    partial_line_ += '\n';
  for (auto end = partial_line_.find('\n'); end != std::string::npos;
       end = partial_line_.find('\n')) {
    take_line(partial_line_.substr(0, end), listener);
    partial_line_.erase(0, end + 1);
  }
  return output_open_;
}

void LocalRank::take_line(const std::string& line, RankListener& listener) {
  last_line_ = line;
  if (!log_.is_open() && !log_file_.empty()) {
    std::error_code ignored;
    make_folder(log_file_.parent_path(), ignored);
    make_file(log_file_);
    log_.open(log_file_, std::ios::app);
  }
  if (log_.is_open()) log_ << line << std::endl;
  listener.output(rank_, line);
}

void LocalRank::tell_end(const Exit& exit, RankListener& listener) {
  const auto failed = [&](Cause cause) {
    listener.failed({std::move(cause), rank_, current_process().host, state().step});
  };
  if (!finished_) return failed(death(exit));
  if (finished_->cause) return failed(*finished_->cause);
  listener.finished(rank_, finished_->ending, finished_->reason);
}

Died LocalRank::death(const Exit& exit) const {
  const auto step = state().step;
  if (exit.signal != 0) {
    const bool no_memory = was_out_of_memory(exit, oom_kills_before_);
    const auto hint =
        no_memory ? fmt::format(": out of memory (it held {:.3g} GB)", exit.peak_bytes / 1e9) : "";
    return {fmt::format("was killed by {} at step {}{}", describe_signal(exit.signal), step, hint),
            no_memory};
  }
  const auto told = last_line_.empty() ? "" : ": " + last_line_;
  return {fmt::format("exited with code {} at step {}{}", exit.code, step, told)};
}

}  // namespace runner
