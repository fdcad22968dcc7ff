#include "experiments/say.hpp"
#include "runner/supervise/members.hpp"
#include "runner/supervise/tcp.hpp"

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
std::string difference(const Json& theirs, const Json& mine) {
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

class Gathering {
 public:
  Gathering(const Launch& launch, const Json& mine, double timeout, const std::set<int>& absent)
      : launch_(launch),
        absent_(absent),
        mine_(mine),
        timeout_(timeout),
        deadline_(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(timeout))),
        listener_(listen_on(launch.meeting->ports)) {}
  ~Gathering() { close(listener_.fd); }
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  /// False when the user wants to stop.
  bool wait(const Interruption& interruption) {
    while (ranks_here() + static_cast<int>(absent_.size()) < launch_.world_size) {
      std::vector<pollfd> sources{{interruption.fd, POLLIN, 0}, {listener_.fd, POLLIN, 0}};
      for (const auto& each : unknown_) sources.push_back({each->fd(), POLLIN, 0});
      if (poll(sources.data(), sources.size(), milliseconds_left()) == 0) tell_or_give_up();
      if (sources[0].revents && interruption.has_come()) return false;
      for (std::size_t i = 2; i < sources.size(); ++i)
        if (sources[i].revents) hear(unknown_[i - 2]);
      std::erase(unknown_, nullptr);
      if (sources[1].revents) accept_one();
    }
    return true;
  }

  void dismiss(const Json& last_word) {
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
    const auto next = told_ ? deadline_ : std::min(tell_at_, deadline_);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(0, left.count()));
  }

  int ranks_here() const {
    int ranks = launch_.ranks_here;
    for (const auto& member : members_) ranks += member.ranks;
    return ranks;
  }

  void tell_or_give_up() {
    if (Clock::now() >= deadline_) give_up();
    told_ = true;
    say("runner: {}\n",
        waiting_for(fmt::format("ranks {} of {} at port {}", fmt::join(missing_ranks(), ", "),
                                launch_.world_size, listener_.port),
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

  [[noreturn]] void give_up() const {
    const auto missing = missing_ranks();
    throw std::runtime_error(fmt::format(
        "{} of {} ranks did not come to port {} of this machine within {:.3g} s "
        "(topology.timeout): {}",
        missing.size(), launch_.world_size, listener_.port, timeout_, fmt::join(missing, ", ")));
  }

  void accept_one() {
    const int fd = accept4(listener_.fd, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    unknown_.push_back(std::make_unique<Channel>(fd));
  }

  /// The first words of a connection; who does not know the token is a stranger. What comes after
  /// them waits for the supervisor.
  void hear(std::unique_ptr<Channel>& channel) {
    std::optional<Json> hello;
    bool open = false;
    try {
      open = channel->read();
      hello = channel->take();
    } catch (const std::exception&) {
      open = false;
    }
    if (hello && hello->value("token", "") == launch_.meeting->token)
      admit(std::move(channel), *hello);
    else if (!open || hello)
      channel.reset();
  }

  void admit(std::unique_ptr<Channel> channel, const Json& hello) {
    const int rank = hello.at("rank");
    Member member{nullptr,
                  rank,
                  hello.at("ranks"),
                  rank,
                  hello.at("node"),
                  hello.at("host"),
                  peer_address(channel->fd())};
    if (absent_.contains(rank)) {
      channel->send({{"event", "refused"},
                     {"reason", fmt::format("the run goes on without rank {}, which was silent for "
                                            "too long",
                                            rank)}});
      return;
    }
    if (const auto different = difference(hello.at("mine"), mine_); !different.empty()) {
      const auto reason = fmt::format("rank {} on {} was given another run than rank 0: {}",
                                      member.rank, member.host, different);
      channel->send({{"event", "refused"}, {"reason", reason}});
      throw std::runtime_error(reason);
    }
    channel->send({{"event", "joined"}});
    const auto here = local_address(channel->fd());
    if (is_loopback(address_)) address_ = here;
    member.channel = std::move(channel);
    members_.push_back(std::move(member));
  }

  const Launch& launch_;
  const std::set<int>& absent_;
  const Json& mine_;
  double timeout_;
  Clock::time_point deadline_, tell_at_ = Clock::now() + quiet_waiting;
  bool told_ = false;
  Listener listener_;
  std::vector<std::unique_ptr<Channel>> unknown_;
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

std::optional<Circle> gather(const Launch& launch, const Json& mine, const Json& told,
                             double timeout, const Interruption& interruption,
                             const std::set<int>& absent) {
  Gathering gathering(launch, mine, timeout, absent);
  if (!gathering.wait(interruption)) {
    gathering.dismiss(interruption.last_word());
    return std::nullopt;
  }
  auto circle = gathering.take();
  for (auto& member : circle.members) {
    // Who came over the loopback is on this machine, which others reach by another address.
    if (is_loopback(member.address)) member.address = circle.address;
    member.channel->send({{"event", "welcome"},
                          {"address", member.address},
                          {"rank", member.rank},
                          {"world_size", circle.world_size},
                          {"told", told}});
  }
  return circle;
}

}  // namespace runner
