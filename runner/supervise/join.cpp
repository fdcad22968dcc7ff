#include "experiments/process.hpp"
#include "experiments/say.hpp"
#include "runner/protocol/description.hpp"
#include "runner/supervise/handshake.hpp"
#include "runner/supervise/members.hpp"
#include "runner/supervise/tcp.hpp"
#include "runner/supervise/unix_socket.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

namespace runner {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Says a line when it lives longer than quiet_waiting. A thread: looking up a host's name may take
/// minutes.
class Notice {
 public:
  explicit Notice(std::string text)
      : thread_([text = std::move(text)](const std::stop_token& stop) {
          std::mutex mutex;
          std::unique_lock lock(mutex);
          std::condition_variable_any never;
          never.wait_for(lock, stop, quiet_waiting, [] { return false; });
          if (!stop.stop_requested()) say("runner: {}\n", text);
        }) {}

 private:
  std::jthread thread_;
};

enum class Heard { message, nothing, stop, closed };

/// The next message of the channel, if it comes in time.
Heard hear(Channel& channel, const Interruption& interruption, milliseconds patience,
           Json& message) {
  const auto deadline = Clock::now() + patience;
  while (true) {
    if (auto next = channel.take()) {
      message = std::move(*next);
      return Heard::message;
    }
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now()).count();
    pollfd sources[] = {{interruption.fd, POLLIN, 0}, {channel.fd(), POLLIN, 0}};
    if (left <= 0 || poll(sources, 2, static_cast<int>(left)) <= 0) return Heard::nothing;
    if (sources[0].revents && interruption.has_come()) return Heard::stop;
    if (sources[1].revents && !channel.read()) return Heard::closed;
  }
}

class Joining {
 public:
  Joining(const Launch& launch, const protocol::Brought& mine, double timeout,
          const Interruption& interruption)
      : launch_(launch),
        timeout_(timeout),
        interruption_(interruption),
        deadline_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(timeout))),
        introduction_{protocol::version(),    launch.rank, launch.ranks_here, launch.node,
                      current_process().host, mine} {}

  std::optional<Head> join() {
    std::optional<Notice> notice(waiting_for(fmt::format("rank 0 {}", where()), launch_, timeout_));
    while (Clock::now() < deadline_) {
      for (const auto port : ports())
        if (auto channel = knock(port)) {
          notice.reset();  // rank 0 tells whom it waits for
          return wait_for_the_others(std::move(channel));
        }
      constexpr int between_attempts_ms = 100;
      pollfd stop{interruption_.fd, POLLIN, 0};
      if (stopped_ || (poll(&stop, 1, between_attempts_ms) > 0 && interruption_.has_come()))
        return std::nullopt;
    }
    throw std::runtime_error(fmt::format(
        "rank {} found no rank 0 {}{} within {:.3g} s (topology.timeout): {}", launch_.rank,
        where(), launch_.meeting->on_this_machine ? "" : ",", timeout_, error_));
  }

 private:
  std::string where() const {
    const auto& meeting = *launch_.meeting;
    if (meeting.on_this_machine) return "on this machine";
    return fmt::format("at {}, port {}", meeting.host, fmt::join(meeting.ports, ", "));
  }

  /// One socket stands for all ports where all are on this machine.
  std::vector<std::uint16_t> ports() const {
    return launch_.meeting->on_this_machine ? std::vector<std::uint16_t>{0}
                                            : launch_.meeting->ports;
  }

  int connect_to_rank_0(std::uint16_t port) {
    const auto& meeting = *launch_.meeting;
    return meeting.on_this_machine ? connect_here(socket_name(meeting), error_)
                                   : connect_to(meeting.host, port, patience_, error_);
  }

  /// A connection to the first process of this very run, to which it has said who it is.
  std::unique_ptr<Channel> knock(std::uint16_t port) {
    const int fd = connect_to_rank_0(port);
    if (fd < 0) return nullptr;
    auto channel = std::make_unique<Channel>(fd);
    if (!is_of_this_run(*channel)) return nullptr;
    channel->send(introduction_);
    Json answer;
    const auto heard = hear(*channel, interruption_, left(), answer);
    stopped_ = heard == Heard::stop;
    if (stopped_) channel->send(interruption_.last_word());
    if (heard == Heard::message && is_joined(answer)) return channel;
    error_ = "it went away";
    return nullptr;
  }

  /// Throws std::runtime_error where rank 0 refuses, or is of another version.
  static bool is_joined(const Json& answer) {
    if (is_message<protocol::Refused>(answer))
      throw std::runtime_error(read_as<protocol::Refused>(answer).reason);
    const auto other = protocol::other_version(answer, "the runner of rank 0", "this one");
    if (!other.empty()) throw std::runtime_error(other);
    return is_message<protocol::Joined>(answer);
  }

  bool is_of_this_run(const Channel& channel) {
    ClientHandshake handshake(*launch_.meeting);
    const auto until = Clock::now() + std::min(patience_, left());
    auto state = handshake.begin(channel.fd());
    while (state == Handshake::open) {
      const auto patience = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
      pollfd sources[] = {{interruption_.fd, POLLIN, 0}, {channel.fd(), POLLIN, 0}};
      if (patience <= 0 || poll(sources, 2, static_cast<int>(patience)) == 0) {
        error_ = "no answer comes from there";
        patience_ = std::min(2 * patience_, longest_patience);
        return false;
      }
      stopped_ = sources[0].revents && interruption_.has_come();
      if (stopped_) return false;
      if (sources[1].revents) state = handshake.advance(channel.fd());
    }
    if (state == Handshake::stranger) error_ = handshake.reason();
    return state == Handshake::known;
  }

  milliseconds left() const { return std::chrono::ceil<milliseconds>(deadline_ - Clock::now()); }

  std::optional<Head> wait_for_the_others(std::unique_ptr<Channel> channel) {
    Json answer;
    // The first process gives up by itself when others do not come.
    const auto patience = milliseconds(static_cast<std::int64_t>(2000 * timeout_));
    switch (hear(*channel, interruption_, patience, answer)) {
      case Heard::message: {
        if (is_message<protocol::Left>(answer)) return std::nullopt;
        if (is_message<protocol::Failed>(answer)) break;
        auto welcome = read_as<protocol::Welcome>(answer);
        auto address = peer_address(channel->fd());
        return Head{std::move(channel),      std::move(address), std::move(welcome.address),
                    std::move(welcome.told), welcome.rank,       welcome.world_size};
      }
      case Heard::stop:
        channel->send(interruption_.last_word());
        return std::nullopt;
      default:
        break;
    }
    throw std::runtime_error("rank 0 has gone before all ranks had come");
  }

  const Launch& launch_;
  double timeout_;
  const Interruption& interruption_;
  Clock::time_point deadline_;
  protocol::Introduction introduction_;
  std::string error_;
  bool stopped_ = false;
  /// For an answer: another program may listen at a port, or the network be slow.
  milliseconds patience_{2000};
  static constexpr milliseconds longest_patience{16000};
};

}  // namespace

std::optional<Head> join(const Launch& launch, const protocol::Brought& mine, double timeout,
                         const Interruption& interruption) {
  return Joining(launch, mine, timeout, interruption).join();
}

}  // namespace runner
