#include "tests/trust/relay.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iostream>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace runner {
namespace {

using Clock = std::chrono::steady_clock;
using Frame = std::vector<std::uint8_t>;

bool shell(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

/// The sum of RFC 1071, to be folded.
std::uint32_t sum_of(const std::uint8_t* bytes, std::size_t size, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i + 1 < size; i += 2)
    sum += static_cast<std::uint32_t>(bytes[i]) << 8 | bytes[i + 1];
  if (size % 2 == 1) sum += static_cast<std::uint32_t>(bytes[size - 1]) << 8;
  return sum;
}

std::uint16_t folded(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return htons(static_cast<std::uint16_t>(~sum));
}

/// A frame with TCP over IPv4 in it.
struct Segment {
  std::size_t ip_size = 0, tcp_size = 0, data_size = 0;

  static bool is_in(const Frame& frame, Segment& found) {
    if (frame.size() < ETH_HLEN + sizeof(iphdr)) return false;
    if (frame[12] != 0x08 || frame[13] != 0x00) return false;
    iphdr ip{};
    std::memcpy(&ip, frame.data() + ETH_HLEN, sizeof ip);
    const std::size_t total = ntohs(ip.tot_len);
    found.ip_size = ip.ihl * 4U;
    if (ip.protocol != IPPROTO_TCP || frame.size() < ETH_HLEN + total ||
        total < found.ip_size + sizeof(tcphdr))
      return false;
    tcphdr tcp{};
    std::memcpy(&tcp, frame.data() + ETH_HLEN + found.ip_size, sizeof tcp);
    found.tcp_size = tcp.doff * 4U;
    found.data_size = total - found.ip_size - found.tcp_size;
    return total >= found.ip_size + found.tcp_size;
  }

  /// A part of it as a segment of its own, with the sums that the sender left to its network card.
  Frame part(const Frame& frame, std::size_t begin, std::size_t size) const {
    const auto headers = ETH_HLEN + ip_size + tcp_size;
    Frame made(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(headers));
    const auto data = frame.begin() + static_cast<std::ptrdiff_t>(headers + begin);
    made.insert(made.end(), data, data + static_cast<std::ptrdiff_t>(size));
    auto* ip = reinterpret_cast<iphdr*>(made.data() + ETH_HLEN);
    auto* tcp = reinterpret_cast<tcphdr*>(made.data() + ETH_HLEN + ip_size);
    ip->tot_len = htons(static_cast<std::uint16_t>(ip_size + tcp_size + size));
    ip->check = 0;
    ip->check = folded(sum_of(made.data() + ETH_HLEN, ip_size));
    tcp->seq = htonl(ntohl(tcp->seq) + static_cast<std::uint32_t>(begin));
    if (begin + size < data_size) tcp->fin = tcp->psh = 0;
    tcp->check = 0;
    const auto length = static_cast<std::uint32_t>(tcp_size + size);
    const auto pseudo = sum_of(made.data() + ETH_HLEN + 12, 8, IPPROTO_TCP + length);
    tcp->check = folded(sum_of(made.data() + ETH_HLEN + ip_size, length, pseudo));
    return made;
  }
};

/// One end of the cable.
class Port {
 public:
  explicit Port(const char* interface) : fd_(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL))) {
    sockaddr_ll place{};
    place.sll_family = AF_PACKET;
    place.sll_protocol = htons(ETH_P_ALL);
    place.sll_ifindex = static_cast<int>(if_nametoindex(interface));
    const int on = 1, room = 64 << 20;
    setsockopt(fd_, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    setsockopt(fd_, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
    if (fd_ < 0 || bind(fd_, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0) _exit(1);
  }
  int fd() const { return fd_; }

  bool receive(Frame& frame) const {
    static std::array<std::uint8_t, 1 << 17> buffer;
    const auto n = recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (n <= 0) return false;
    frame.assign(buffer.begin(), buffer.begin() + n);
    return true;
  }
  void send(const Frame& frame) const {
    while (::send(fd_, frame.data(), frame.size(), 0) < 0 && errno == ENOBUFS) usleep(100);
  }

 private:
  int fd_;
};

/// From one end to the other.
class Direction {
 public:
  Direction(const Port& from, const Port& to, const Weather& weather)
      : from_(from), to_(to), weather_(weather) {}

  void take() {
    Frame frame;
    while (from_.receive(frame))
      if (!weather_.cut)
        waiting_.push_back({Clock::now() + std::chrono::milliseconds(weather_.delay_ms), frame});
  }
  void give() {
    for (; !weather_.stalled && !waiting_.empty() && waiting_.front().due <= Clock::now();
         waiting_.pop_front())
      if (!weather_.cut) send_in_parts(waiting_.front().frame);
  }

 private:
  struct Waiting {
    Clock::time_point due;
    Frame frame;
  };

  /// A sender may leave it to its network card to divide what is longer than a frame.
  void send_in_parts(const Frame& frame) const {
    constexpr std::size_t fits_a_frame = 1400;
    Segment segment;
    if (!Segment::is_in(frame, segment)) return to_.send(frame);
    const std::size_t most = weather_.split ? 1 : fits_a_frame;
    std::size_t begin = 0;
    do {
      const auto size = std::min(most, segment.data_size - begin);
      to_.send(segment.part(frame, begin, size));
      begin += size;
    } while (begin < segment.data_size);
  }

  const Port &from_, &to_;
  const Weather& weather_;
  std::deque<Waiting> waiting_;
};

[[noreturn]] void relay(const std::string& space, const Weather& weather) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (setns(open(("/run/netns/" + space).c_str(), O_RDONLY), CLONE_NEWNET) != 0) _exit(1);
  const Port ports[] = {Port("host0"), Port("host1")};
  Direction there(ports[0], ports[1], weather), back(ports[1], ports[0], weather);
  pollfd sources[] = {{ports[0].fd(), POLLIN, 0}, {ports[1].fd(), POLLIN, 0}};
  while (true) {
    poll(sources, 2, 1);
    for (auto* direction : {&there, &back}) {
      direction->take();
      direction->give();
    }
  }
}

Weather* shared_weather() {
  void* memory =
      mmap(nullptr, sizeof(Weather), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return new (memory) Weather;
}

}  // namespace

TwoHosts::TwoHosts() : weather_(shared_weather()), made_(make()) {
  if (made_) start_relay();
}

TwoHosts::~TwoHosts() {
  if (relay_ > 0) {
    kill(relay_, SIGKILL);
    waitpid(relay_, nullptr, 0);
  }
  for (const int i : {0, 1, 2}) shell("ip netns del " + name(i));
}

void TwoHosts::Unmap::operator()(Weather* weather) const { munmap(weather, sizeof *weather); }

bool TwoHosts::missing() const {
  if (!made_) std::cout << "skipped: no network namespaces (needs root)\n";
  return !made_;
}

std::string TwoHosts::name(int host) const {
  return "trust-" + std::to_string(getpid()) + "-" + std::to_string(host);
}

bool TwoHosts::make() const {
  for (const int i : {0, 1, 2})
    if (!shell("ip netns add " + name(i)) || !shell("ip -n " + name(i) + " link set lo up"))
      return false;
  for (const int i : {0, 1}) {
    const auto end = "host" + std::to_string(i), ip = "ip -n " + name(i);
    if (!shell(ip + " link add cable type veth peer name " + end + " netns " + switch_name()) ||
        !shell(ip + " addr add " + address(i) + "/24 dev cable") ||
        !shell(ip + " link set cable up") ||
        !shell("ip -n " + switch_name() + " link set " + end + " up"))
      return false;
  }
  return true;
}

void TwoHosts::start_relay() {
  const auto space = switch_name();  // by this process's number
  relay_ = fork();
  if (relay_ == 0) relay(space, *weather_);
}

}  // namespace runner
