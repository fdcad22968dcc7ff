#include "experiments/say.hpp"
#include "registry/counted.hpp"
#include "runner/protocol/description.hpp"
#include "runner/supervise/handshake.hpp"
#include "runner/supervise/members.hpp"
#include "runner/supervise/tcp.hpp"
#include "runner/supervise/unix_socket.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace runner {
namespace {

using Clock = std::chrono::steady_clock;

/// "optimizer.lr is 0.1 there and 1.0 here"; empty when nothing differs.
std::string difference(const protocol::Brought& there, const protocol::Brought& here) {
  const auto theirs = Wire<protocol::Brought>::write(there);
  const auto mine = Wire<protocol::Brought>::write(here);
  const auto patch = Json::diff(mine, theirs);
  if (patch.empty()) return "";
  const auto pointer = Json::json_pointer(patch[0].at("path").get<std::string>());
  const auto shown = [&](const Json& json) {
    return json.contains(pointer) ? json.at(pointer).dump() : std::string("missing");
  };
  auto path = pointer.to_string().substr(1);
  std::replace(path.begin(), path.end(), '/', '.');
  return fmt::format("{} is {} there and {} here", path, shown(theirs), shown(mine));
}

Listener listen_at(const Meeting& meeting) {
  if (meeting.on_this_machine) return {listen_here(socket_name(meeting)), 0};
  return listen_on(meeting.ports);
}

/// A connection of which it is not known yet whether it is of this run.
struct Visitor {
  Visitor(int fd, const Meeting& meeting)
      : channel(std::make_unique<Channel>(fd)), handshake(meeting) {}

  std::unique_ptr<Channel> channel;
  ServerHandshake handshake;
  bool known = false;  ///< it has proved that it is, and is about to say who it is
  Clock::time_point came = Clock::now();
};

class Gathering {
 public:
  Gathering(const Launch& launch, const protocol::Brought& mine, double timeout,
            const std::set<int>& absent)
      : launch_(launch),
        absent_(absent),
        mine_(mine),
        timeout_(timeout),
        deadline_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(timeout))),
        listener_(listen_at(*launch.meeting)) {}
  ~Gathering() { close(listener_.fd); }
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  /// False when the user wants to stop.
  bool wait(const Interruption& interruption) {
    while (ranks_here() + static_cast<int>(absent_.size()) < launch_.world_size) {
      tell_or_give_up();
      std::vector<pollfd> sources{{interruption.fd, POLLIN, 0}, {listener_.fd, POLLIN, 0}};
      for (const auto& visitor : visitors_) sources.push_back({visitor->channel->fd(), POLLIN, 0});
      poll(sources.data(), sources.size(), milliseconds_left());
      if (sources[0].revents && interruption.has_come()) return false;
      for (std::size_t i = 2; i < sources.size(); ++i)
        if (sources[i].revents) hear(visitors_[i - 2]);
      std::erase(visitors_, nullptr);
      if (sources[1].revents) accept_one();
      forget_who_left();
      drop_who_is_slow();
    }
    tell_of_strangers();
    return true;
  }

  template <class Message>
  void dismiss(const Message& last_word) {
    for (auto& member : members_) member.channel->send(last_word);
  }

  /// The first ranks stay those of this process.
  Circle take() {
    std::sort(members_.begin(), members_.end(),
              [](const auto& a, const auto& b) { return a.launched_as < b.launched_as; });
    int next = launch_.ranks_here;
    for (auto& member : members_) {
      member.rank = next;
      next += member.ranks;
    }
    return {address_, std::move(members_), next, launch_.node};
  }

 private:
  int milliseconds_left() const {
    constexpr std::int64_t look_at_visitors = 500;
    const auto next = told_ ? deadline_ : std::min(tell_at_, deadline_);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, look_at_visitors));
  }

  int ranks_here() const {
    int ranks = launch_.ranks_here;
    for (const auto& member : members_) ranks += member.ranks;
    return ranks;
  }

  void tell_or_give_up() {
    if (Clock::now() >= deadline_) give_up();
    if (told_ || Clock::now() < tell_at_) return;
    told_ = true;
    say("runner: {}\n",
        waiting_for(fmt::format("ranks {} of {} {}", fmt::join(missing_ranks(), ", "),
                                launch_.world_size, where("at", "on")),
                    launch_, timeout_));
  }

  std::vector<int> missing_ranks() const {
    std::vector<bool> here(static_cast<std::size_t>(launch_.world_size), false);
    const auto mark = [&](int first, int count) { std::fill_n(here.begin() + first, count, true); };
    mark(launch_.rank, launch_.ranks_here);
    for (const auto& member : members_) mark(member.rank, member.ranks);
    for (const int rank : absent_) mark(rank, 1);
    std::vector<int> missing;
    for (int rank = 0; rank < launch_.world_size; ++rank)
      if (!here[static_cast<std::size_t>(rank)]) missing.push_back(rank);
    return missing;
  }

  [[noreturn]] void give_up() {
    tell_of_strangers();
    const auto missing = missing_ranks();
    throw std::runtime_error(fmt::format(
        "{} of {} ranks did not come {} within {:.3g} s (topology.timeout): {}", missing.size(),
        launch_.world_size, where("to", "together on"), timeout_, fmt::join(missing, ", ")));
  }

  std::string where(const char* to_a_port, const char* to_a_machine) const {
    return launch_.meeting->on_this_machine
               ? fmt::format("{} this machine", to_a_machine)
               : fmt::format("{} port {} of this machine", to_a_port, listener_.port);
  }

  void accept_one() {
    const int fd = accept4(listener_.fd, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0 || visitors_.size() >= most_visitors) drop_the_oldest();
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    visitors_.push_back(std::make_unique<Visitor>(fd, *launch_.meeting));
    if (launch_.meeting->on_this_machine && !is_of_this_user(fd)) drop(visitors_.back());
    std::erase(visitors_, nullptr);
  }

  void drop(std::unique_ptr<Visitor>& visitor) {
    visitor.reset();
    ++strangers_;
  }

  void drop_the_oldest() {
    if (visitors_.empty()) return;
    drop(visitors_.front());
    std::erase(visitors_, nullptr);
  }

  void drop_who_is_slow() {
    for (auto& visitor : visitors_)
      if (Clock::now() - visitor->came > patience_for_visitors) drop(visitor);
    std::erase(visitors_, nullptr);
  }

  /// A rank whose connection broke may come again.
  void forget_who_left() {
    std::erase_if(members_, [](const Member& member) {
      char next = 0;
      return recv(member.channel->fd(), &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    });
  }

  void tell_of_strangers() {
    strangers_ += std::erase_if(visitors_, [](const auto& visitor) { return !visitor->known; });
    if (strangers_ == 0) return;
    say("runner: WARNING: {} {} did not prove to be of this run and {} dropped\n",
        counted(static_cast<std::int64_t>(strangers_), "connection"), where("to", "on"),
        strangers_ == 1 ? "was" : "were");
  }

  /// The first words of one that has proved that it is of this run. What comes after them waits
  /// for the supervisor.
  void hear(std::unique_ptr<Visitor>& visitor) {
    if (!visitor->known) {
      const auto state = visitor->handshake.advance(visitor->channel->fd());
      if (state == Handshake::stranger) return drop(visitor);
      visitor->known = state == Handshake::known;
      return;
    }
    try {
      const bool open = visitor->channel->read();
      if (const auto hello = visitor->channel->take())
        admit(std::move(std::exchange(visitor, nullptr)->channel), *hello);
      else if (!open)
        drop(visitor);
    } catch (const BadMessage&) {  // who knows the secret may still tell nonsense
      drop(visitor);
    }
  }

  protocol::Introduction introduced(const Json& first) const {
    auto they = read_as<protocol::Introduction>(first);
    if (they.rank < launch_.ranks_here || they.ranks < 1 ||
        they.ranks > launch_.world_size - they.rank)
      throw BadMessage("there is no such rank");
    return they;
  }

  [[noreturn]] static void refuse(Channel& channel, const std::string& reason) {
    channel.send(protocol::Refused{reason});
    throw std::runtime_error(reason);
  }

  void admit(std::unique_ptr<Channel> channel, const Json& first) {
    const auto address = peer_address(channel->fd());
    if (is_message<protocol::Introduction>(first))
      if (const auto other =
              protocol::other_version(first, "the runner at " + address, "that of rank 0");
          !other.empty())
        refuse(*channel, other);
    const auto they = introduced(first);
    if (absent_.contains(they.rank)) {
      channel->send(protocol::Refused{fmt::format(
          "the run goes on without rank {}, which was silent for too long", they.rank)});
      return;
    }
    if (const auto different = difference(they.mine, mine_); !different.empty())
      refuse(*channel, fmt::format("rank {} on {} was given another run than rank 0: {}", they.rank,
                                   they.host, different));
    channel->send(protocol::Joined{protocol::version()});
    Member member{nullptr, they.rank, they.ranks, they.rank, they.node, they.host, address};
    const auto here = local_address(channel->fd());
    if (is_loopback(address_)) address_ = here;
    member.channel = std::move(channel);
    // It may have lost a connection that is still open at this end.
    std::erase_if(members_, [&](const Member& other) { return overlap(other, member); });
    members_.push_back(std::move(member));
  }

  static bool overlap(const Member& one, const Member& other) {
    return one.rank < other.rank + other.ranks && other.rank < one.rank + one.ranks;
  }

  /// More than that wait at the listener; whoever is of this run is done in a few round trips.
  static constexpr std::size_t most_visitors = 256;
  static constexpr std::chrono::seconds patience_for_visitors{20};

  const Launch& launch_;
  const std::set<int>& absent_;
  const protocol::Brought& mine_;
  double timeout_;
  Clock::time_point deadline_, tell_at_ = Clock::now() + quiet_waiting;
  bool told_ = false;
  Listener listener_;
  std::vector<std::unique_ptr<Visitor>> visitors_;
  std::size_t strangers_ = 0;
  std::vector<Member> members_;
  std::string address_ = "127.0.0.1";
};

}  // namespace

std::string waiting_for(const std::string& whom, const Launch& launch, double timeout) {
  return fmt::format(
      "waiting up to {:.3g} s (topology.timeout) for {}, which {} should have started ({}); "
      "topology.launcher=self trains without",
      timeout, whom, launch.launcher, launch.why);
}

std::optional<Circle> gather(const Launch& launch, const protocol::Brought& mine,
                             const protocol::Told& told, double timeout,
                             const Interruption& interruption, const std::set<int>& absent) {
  Gathering gathering(launch, mine, timeout, absent);
  if (!gathering.wait(interruption)) {
    gathering.dismiss(interruption.last_word());
    return std::nullopt;
  }
  auto circle = gathering.take();
  for (auto& member : circle.members) {
    // Who came over the loopback is on this machine, which others reach by another address.
    if (is_loopback(member.address)) member.address = circle.address;
    member.channel->send(protocol::Welcome{member.address, member.rank, circle.world_size, told});
  }
  return circle;
}

}  // namespace runner
