#include "runner/supervise/members.hpp"

#include "runner/launch/munge.hpp"
#include "runner/protocol/description.hpp"
#include "runner/supervise/handshake.hpp"
#include "runner/supervise/tcp.hpp"
#include "tests/experiments/fixture.hpp"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace runner;

namespace {

const protocol::Brought recipe{{{"optimizer", {{"name", "sgd"}, {"lr", 0.1}}}}, "mnist"};

/// Ports that nothing listens on, as the kernel says.
std::vector<std::uint16_t> free_ports(int count) {
  std::vector<std::uint16_t> ports;
  std::uint16_t port = 31000;
  while (static_cast<int>(ports.size()) < count) {
    try {
      const auto listener = listen_on({port});
      close(listener.fd);
      ports.push_back(port);
    } catch (const std::runtime_error&) {
    }
    ++port;
  }
  return ports;
}

Launch launch_of(int rank, int world_size, std::vector<std::uint16_t> ports,
                 const std::string& secret = "of sixteen bytes") {
  Launch launch;
  launch.rank = rank;
  launch.world_size = world_size;
  launch.meeting = Meeting{"127.0.0.1", std::move(ports), "job-7"};
  launch.meeting->secret = {secret.empty() ? SecretKind::none : SecretKind::given, secret};
  return launch;
}

/// A connection to rank 0, as soon as it listens.
int connect_soon(std::uint16_t port) {
  std::string error;
  int fd = -1;
  while (fd < 0) fd = connect_to("127.0.0.1", port, std::chrono::milliseconds(500), error);
  return fd;
}

/// What is printed on standard error meanwhile.
class StandardError {
 public:
  StandardError() : before_(dup(STDERR_FILENO)), file_(std::tmpfile()) {
    std::fflush(stderr);
    dup2(fileno(file_), STDERR_FILENO);
  }
  ~StandardError() {
    if (file_) text();
  }
  std::string text() {
    std::fflush(stderr);
    dup2(before_, STDERR_FILENO);
    close(before_);
    std::rewind(file_);
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file_));
    std::fclose(std::exchange(file_, nullptr));
    return text;
  }

 private:
  int before_;
  std::FILE* file_;
};

void send_text(int fd, const std::string& text) {
  CHECK(send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
}

/// As a Channel sends it.
std::string framed(const Json& message) {
  const auto body = Json::to_cbor(message);
  const auto length = static_cast<std::uint32_t>(body.size());
  std::string frame(reinterpret_cast<const char*>(&length), sizeof length);
  return frame.append(body.begin(), body.end());
}

protocol::Introduction introduction(int rank, int ranks) {
  return {protocol::version(), rank, ranks, 0, "h", recipe};
}

/// What has come of so many bytes when the other end has closed the connection.
std::string received(int fd, std::size_t bytes) {
  std::string text(bytes, '\0');
  std::size_t have = 0;
  for (ssize_t n = 1; n > 0 && have < bytes;
       have += static_cast<std::size_t>(std::max<ssize_t>(n, 0)))
    n = recv(fd, text.data() + have, bytes - have, 0);
  text.resize(have);
  return text;
}

/// A munge daemon of the test's own, where there is one.
class Munged {
 public:
  Munged() {
    const auto at = [&](const char* name) { return (folder_.path() / name).string(); };
    const auto socket = at("socket");
    const auto command = "umask 022; chmod 755 " + folder_.path().string() +
                         "; head -c 1024 /dev/urandom > " + at("key") + "; chmod 600 " + at("key") +
                         "; PATH=$PATH:/usr/sbin munged --force " +
                         "--num-threads=1 --key-file=" + at("key") + " --socket=" + socket +
                         " --pid-file=" + at("pid") + " --log-file=" + at("log") +
                         " --seed-file=" + at("seed") + " >/dev/null 2>&1";
    started_ = std::system(command.c_str()) == 0;
    setenv("RUNNER_MUNGE_SOCKET", socket.c_str(), 1);
  }
  ~Munged() {
    unsetenv("RUNNER_MUNGE_SOCKET");
    pid_t pid = 0;
    if (started_ && std::ifstream(folder_.path() / "pid") >> pid) kill(pid, SIGTERM);
  }
  Munged(const Munged&) = delete;
  Munged& operator=(const Munged&) = delete;

  bool missing() const {
    if (!started_) std::cout << "skipped: no munged\n";
    return !started_;
  }

 private:
  TemporaryFolder folder_;
  bool started_ = false;
};

struct StopFd {
  int fd = eventfd(0, 0);
  ~StopFd() { close(fd); }
  operator Interruption() const {
    return {fd, [] { return true; }};
  }
};

}  // namespace

TEST_CASE("processes that meet learn their addresses and the folder for their output") {
  const auto ports = free_ports(2);
  const StopFd stop;
  std::optional<Head> heads[2];
  std::vector<std::thread> others;
  for (int i = 0; i < 2; ++i)
    others.emplace_back([&, i] { heads[i] = join(launch_of(i + 1, 3, ports), recipe, 10, stop); });
  const auto circle = gather(launch_of(0, 3, ports), recipe, {"/logs/7"}, 10, stop);
  for (auto& other : others) other.join();
  REQUIRE(circle);
  CHECK(circle->members.size() == 2);
  CHECK(circle->address == "127.0.0.1");
  for (const auto& head : heads) {
    REQUIRE(head);
    CHECK(head->address == "127.0.0.1");
    CHECK(head->my_address == "127.0.0.1");
    CHECK(head->told.logs == "/logs/7");
  }
}

TEST_CASE("without those that are lost, processes meet at once and are numbered anew") {
  const auto ports = free_ports(1);
  const StopFd stop;
  std::optional<Head> heads[2];
  std::string refusal;
  std::thread late([&] {
    refusal = error_of<std::runtime_error>([&] { join(launch_of(1, 4, ports), recipe, 10, stop); });
  });
  std::thread others[2];
  std::optional<Circle> circle;
  std::thread first([&] { circle = gather(launch_of(0, 4, ports), recipe, {}, 10, stop, {1}); });
  late.join();
  for (const int i : {0, 1})
    others[i] =
        std::thread([&, i] { heads[i] = join(launch_of(3 - i, 4, ports), recipe, 10, stop); });
  for (auto& other : others) other.join();
  first.join();
  CHECK(refusal == "the run goes on without rank 1, which was silent for too long");
  REQUIRE(circle);
  CHECK(circle->world_size == 3);
  CHECK(circle->members.at(0).launched_as == 2);
  CHECK(circle->members.at(1).launched_as == 3);
  REQUIRE(heads[0]);
  REQUIRE(heads[1]);
  CHECK(heads[0]->rank == 2);
  CHECK(heads[1]->rank == 1);
  CHECK(heads[1]->world_size == 3);
}

TEST_CASE("where the first port is taken, processes meet at the next") {
  const auto ports = free_ports(2);
  const auto other_program = listen_on({ports[0]});
  const StopFd stop;
  std::optional<Head> head;
  std::thread other([&] { head = join(launch_of(1, 2, ports), recipe, 20, stop); });
  const auto circle = gather(launch_of(0, 2, ports), recipe, {}, 20, stop);
  other.join();
  close(other_program.fd);
  CHECK(circle);
  CHECK(head);
}

TEST_CASE("where the only port is taken, the error says so") {
  const auto ports = free_ports(1);
  const auto other_program = listen_on(ports);
  const StopFd stop;
  CHECK(error_of<std::runtime_error>([&] {
          gather(launch_of(0, 2, ports), recipe, {}, 5, stop);
        }) == "the processes of this run cannot meet: port " + std::to_string(ports[0]) +
                  " of this machine is taken by another program");
  close(other_program.fd);
}

TEST_CASE("ranks that do not come are named when the time is over") {
  const auto ports = free_ports(1);
  const StopFd stop;
  CHECK(error_of<std::runtime_error>([&] {
          gather(launch_of(0, 4, ports), recipe, {}, 0.3, stop);
        }) == "3 of 4 ranks did not come to port " + std::to_string(ports[0]) +
                  " of this machine within 0.3 s (topology.timeout): 1, 2, 3");
}

TEST_CASE("a rank that finds nobody says where it looked and why it failed") {
  const auto ports = free_ports(1);
  const StopFd stop;
  CHECK(error_of<std::runtime_error>([&] { join(launch_of(2, 4, ports), recipe, 0.3, stop); }) ==
        "rank 2 found no rank 0 at 127.0.0.1, port " + std::to_string(ports[0]) +
            ", within 0.3 s (topology.timeout): Connection refused");
}

TEST_CASE("a name that does not resolve is told") {
  auto launch = launch_of(1, 2, free_ports(1));
  launch.meeting->host = "no-such-host.invalid";
  const StopFd stop;
  const auto error = error_of<std::runtime_error>([&] { join(launch, recipe, 0.3, stop); });
  CHECK(error.starts_with("rank 1 found no rank 0 at no-such-host.invalid, port "));
  CHECK((error.ends_with("Name or service not known") ||
         error.ends_with("Temporary failure in name resolution")));
}

TEST_CASE("a rank with another recipe is refused on both sides, with the difference") {
  const auto ports = free_ports(1);
  const StopFd stop;
  auto other_recipe = recipe;
  other_recipe.config["optimizer"]["lr"] = 0.5;
  std::string refusal;
  std::thread other([&] {
    refusal =
        error_of<std::runtime_error>([&] { join(launch_of(1, 2, ports), other_recipe, 10, stop); });
  });
  const auto error =
      error_of<std::runtime_error>([&] { gather(launch_of(0, 2, ports), recipe, {}, 10, stop); });
  other.join();
  CHECK(error == refusal);
  CHECK(error.starts_with("rank 1 on "));
  CHECK(
      error.ends_with(" was given another run than rank 0: config.optimizer.lr is 0.5 there and "
                      "0.1 here"));
}

TEST_CASE(
    "strangers are dropped whatever they send, counted once, and the ranks meet all the same") {
  const auto ports = free_ports(1);
  const StopFd stop;
  const std::string number{1, 0, 0, 0, 1}, hello{"runner\0\1", 8};
  const std::vector<std::string> sent{
      number,
      "GET / HTTP/1.1\r\n\r\n",
      std::string("\x10\x27\0\0", 4) + std::string(10'000, '\x81'),  // lists in lists
      "\xff\xff\xff\xff",                                            // a message of 4 GiB
      hello + std::string(32, 'n') + std::string(32, 'p'),           // a proof of nothing
      hello,                                                         // and no more
      ""};
  StandardError told;
  std::optional<Circle> circle;
  std::thread first([&] { circle = gather(launch_of(0, 2, ports), recipe, {}, 10, stop); });
  std::vector<int> strangers;
  for (const auto& text : sent) send_text(strangers.emplace_back(connect_soon(ports[0])), text);
  const int slow = strangers.emplace_back(connect_soon(ports[0]));
  for (const char c : hello.substr(0, 5)) {
    send_text(slow, {c});
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const auto head = join(launch_of(1, 2, ports), recipe, 10, stop);
  first.join();
  CHECK(circle);
  CHECK(head);
  CHECK(told.text() == "runner: WARNING: 8 connections to port " + std::to_string(ports[0]) +
                           " of this machine did not prove to be of this run and were dropped\n");
  for (const int fd : strangers) close(fd);
}

TEST_CASE("no number of strangers keeps a rank away") {
  const auto ports = free_ports(1);
  const StopFd stop;
  StandardError told;
  std::optional<Circle> circle;
  std::thread first([&] { circle = gather(launch_of(0, 2, ports), recipe, {}, 20, stop); });
  std::vector<int> strangers;
  constexpr int many = 400;  // more than rank 0 keeps at a time
  for (int i = 0; i < many; ++i) strangers.push_back(connect_soon(ports[0]));
  const auto head = join(launch_of(1, 2, ports), recipe, 20, stop);
  first.join();
  CHECK(circle);
  CHECK(head);
  CHECK(told.text().starts_with("runner: WARNING: 400 connections to port "));
  for (const int fd : strangers) close(fd);
}

TEST_CASE("a rank with another secret, or with none, finds no rank 0, and is told why") {
  const auto ports = free_ports(1);
  const StopFd stop;
  const auto refusal = [&](const std::string& here, const std::string& there) {
    StandardError told;
    std::string error;
    std::thread other([&] {
      error = error_of<std::runtime_error>(
          [&] { join(launch_of(1, 2, ports, there), recipe, 0.5, stop); });
    });
    error_of<std::runtime_error>(
        [&] { gather(launch_of(0, 2, ports, here), recipe, {}, 0.7, stop); });
    other.join();
    CHECK(told.text().find("did not prove to be of this run") != std::string::npos);
    const std::string end = "within 0.5 s (topology.timeout): ";
    return error.substr(error.find(end) + end.size());
  };
  const std::string secret = "a secret of many bytes", other = "another of many bytes";
  CHECK(refusal(secret, other) == "the runner there has another secret, or is of another run");
  CHECK(refusal(secret, "") ==
        "the runner there has a secret (RUNNER_SECRET), and this one has no secret");
  CHECK(refusal("", secret) ==
        "the runner there has no secret, and this one has a secret (RUNNER_SECRET)");
}

TEST_CASE("a rank of another run with the same secret is a stranger") {
  const auto ports = free_ports(1);
  const StopFd stop;
  auto other = launch_of(1, 2, ports);
  other.meeting->token = "job-8";
  StandardError told;
  std::thread first([&] {
    error_of<std::runtime_error>([&] { gather(launch_of(0, 2, ports), recipe, {}, 0.7, stop); });
  });
  CHECK(error_of<std::runtime_error>([&] {
          join(other, recipe, 0.5, stop);
        }).ends_with(": the runner there has another secret, or is of another run"));
  first.join();
}

TEST_CASE("a meeting that was recorded is worth nothing in the next one") {
  const auto ports = free_ports(1), behind = free_ports(2);
  const StopFd stop;
  StandardError told;
  std::string recorded;
  const auto listener = listen_on({behind[1]});
  std::thread first([&] { gather(launch_of(0, 2, ports), recipe, {}, 10, stop); });
  std::thread between([&] {  // passes on what it hears, and keeps what the rank has said
    const int rank = accept(listener.fd, nullptr, nullptr), head = connect_soon(ports[0]);
    const auto pass = [](int from, int to) {
      std::string passed;
      char buffer[4096];
      for (ssize_t n = 0; (n = recv(from, buffer, sizeof buffer, 0)) > 0;) {
        passed.append(buffer, static_cast<std::size_t>(n));
        send_text(to, {buffer, static_cast<std::size_t>(n)});
      }
      shutdown(to, SHUT_WR);
      return passed;
    };
    std::thread back([&] { pass(head, rank); });
    recorded = pass(rank, head);
    back.join();
    close(rank);
    close(head);
  });
  join(launch_of(1, 2, {behind[1]}), recipe, 10, stop);
  first.join();
  between.join();
  close(listener.fd);
  REQUIRE(recorded.size() > 72);

  std::thread again([&] {
    error_of<std::runtime_error>([&] { gather(launch_of(0, 2, ports), recipe, {}, 0.7, stop); });
  });
  const int replay = connect_soon(ports[0]);
  send_text(replay, recorded);
  CHECK(received(replay, 200).size() == 43);  // the challenge, and no proof
  again.join();
  close(replay);
  CHECK(told.text().find(" 1 connection to port ") != std::string::npos);
}

TEST_CASE("who sends a proof back as its own is a stranger") {
  const auto ports = free_ports(1);
  const StopFd stop;
  StandardError told;
  std::thread first([&] {
    error_of<std::runtime_error>([&] { gather(launch_of(0, 2, ports), recipe, {}, 0.7, stop); });
  });
  const int mirror = connect_soon(ports[0]);
  const std::string hello{"runner\0\1", 8};
  send_text(mirror, hello + std::string(32, 'n'));
  const auto challenge = received(mirror, 43);
  CHECK(challenge.substr(0, 8) == hello);
  send_text(mirror, challenge.substr(9, 32));
  CHECK(received(mirror, 32).empty());
  first.join();
  close(mirror);
}

TEST_CASE("where nothing is secret, who tells nonsense is dropped, and the ranks meet") {
  const auto ports = free_ports(1);
  const StopFd stop;
  const auto nonsense = [](const Json& message) {
    return [message](Channel& channel) { send_text(channel.fd(), framed(message)); };
  };
  auto without_host = to_json(introduction(1, 1));
  without_host.erase("host");
  const std::vector<std::function<void(Channel&)>> tellers{
      nonsense(Json::object()),
      nonsense(to_json(introduction(7, 1))),
      nonsense(to_json(introduction(1, 9))),
      nonsense(to_json(introduction(-1, 1))),
      nonsense(without_host),
      nonsense(1),
      [](Channel& channel) { send_text(channel.fd(), "\xff\xff\xff\xff"); },
      [](Channel& channel) {
        std::string deep("\x10\x27\0\0", 4);
        send_text(channel.fd(), deep + std::string(10'000, '\x81'));
      }};
  StandardError told;
  std::optional<Circle> circle;
  std::thread first([&] { circle = gather(launch_of(0, 2, ports, ""), recipe, {}, 20, stop); });
  for (const auto& tell : tellers) {
    const auto meeting = *launch_of(1, 2, ports, "").meeting;
    Channel channel(connect_soon(ports[0]));
    ClientHandshake handshake(meeting);
    auto state = handshake.begin(channel.fd());
    while (state == Handshake::open) state = handshake.advance(channel.fd());
    REQUIRE(state == Handshake::known);
    tell(channel);
    CHECK(received(channel.fd(), 1).empty());
  }
  const auto head = join(launch_of(1, 2, ports, ""), recipe, 20, stop);
  first.join();
  CHECK(circle);
  CHECK(head);
  CHECK(told.text().starts_with("runner: WARNING: 8 connections to port "));
}

TEST_CASE("a rank of another version is refused on both sides, whatever else it says") {
  const auto ports = free_ports(1);
  const StopFd stop;
  Json heard;
  std::thread other([&] {
    const auto launch = launch_of(1, 2, ports);
    Channel channel(connect_soon(ports[0]));
    ClientHandshake handshake(*launch.meeting);
    auto state = handshake.begin(channel.fd());
    while (state == Handshake::open) state = handshake.advance(channel.fd());
    send_text(channel.fd(),
              framed({{"event", "introduction"}, {"protocol", 1}, {"colour", "red"}}));
    heard = channel.receive().value();
  });
  const auto error =
      error_of<std::runtime_error>([&] { gather(launch_of(0, 2, ports), recipe, {}, 10, stop); });
  other.join();
  CHECK(error ==
        fmt::format("the runner at 127.0.0.1 is of another version than that of rank 0 (protocol "
                    "00000001 and {:08x}): build or install both together",
                    protocol::version()));
  CHECK(heard == to_json(protocol::Refused{error}));
}

TEST_CASE("where munge answers, it hands rank 0's secret to this user's other ranks") {
  const Munged munged;
  if (munged.missing()) return;
  const auto ports = free_ports(1);
  const StopFd stop;
  const auto launch = [&](int rank) {
    auto launch = launch_of(rank, 2, ports);
    const auto no_variables = [](const std::string&) { return std::optional<std::string>(); };
    launch.meeting->secret = find_secret(no_variables, false);
    CHECK(launch.meeting->secret.kind == SecretKind::munge);
    return launch;
  };
  std::optional<Circle> circle;
  std::thread first([&] { circle = gather(launch(0), recipe, {}, 10, stop); });
  const auto head = join(launch(1), recipe, 10, stop);
  first.join();
  CHECK(circle);
  CHECK(head);

  const auto credential = munge("a text");
  REQUIRE(credential);
  CHECK(unmunge(*credential) == "a text");
  CHECK_FALSE(unmunge(*credential));  // once on each machine
  CHECK_FALSE(unmunge("MUNGE:no credential:"));
}

TEST_CASE("a rank whose connection broke while it waited comes again") {
  const auto ports = free_ports(1);
  const StopFd stop, never;
  std::optional<Circle> circle;
  std::thread first([&] { circle = gather(launch_of(0, 3, ports), recipe, {}, 20, stop); });
  {
    const auto launch = launch_of(1, 3, ports);
    Channel channel(connect_soon(ports[0]));
    ClientHandshake handshake(*launch.meeting);
    auto state = handshake.begin(channel.fd());
    while (state == Handshake::open) state = handshake.advance(channel.fd());
    channel.send(introduction(1, 1));
    CHECK(channel.receive() == to_json(protocol::Joined{protocol::version()}));
  }
  std::optional<Head> heads[2];
  std::vector<std::thread> others;
  for (int i = 0; i < 2; ++i)
    others.emplace_back([&, i] { heads[i] = join(launch_of(i + 1, 3, ports), recipe, 10, stop); });
  for (auto& other : others) other.join();
  first.join();
  REQUIRE(circle);
  CHECK(circle->members.size() == 2);
  for (const auto& head : heads) CHECK(head);
}

TEST_CASE("ranks of one machine meet at a Unix socket, and nothing listens at a port") {
  auto launch = launch_of(0, 2, free_ports(1), "");
  launch.meeting->on_this_machine = true;
  launch.meeting->token = "of one machine " + std::to_string(getpid());
  auto other = launch;
  other.rank = 1;
  const StopFd stop;
  std::optional<Circle> circle;
  std::thread first([&] { circle = gather(launch, recipe, {"/l"}, 10, stop); });
  const auto head = join(other, recipe, 10, stop);
  first.join();
  REQUIRE(circle);
  REQUIRE(head);
  CHECK(circle->address == "127.0.0.1");
  CHECK(head->address == "127.0.0.1");
  CHECK(head->my_address == "127.0.0.1");
  CHECK(error_of<std::runtime_error>([&] { join(other, recipe, 0.3, stop); }) ==
        "rank 1 found no rank 0 on this machine within 0.3 s (topology.timeout): Connection "
        "refused");
  CHECK(error_of<std::runtime_error>([&] { gather(launch, recipe, {}, 0.3, stop); }) ==
        "1 of 2 ranks did not come together on this machine within 0.3 s (topology.timeout): 1");
}

TEST_CASE("a request to stop ends the waiting on both sides") {
  const auto ports = free_ports(1);
  const StopFd stop;
  CHECK(eventfd_write(stop.fd, 1) == 0);
  CHECK_FALSE(gather(launch_of(0, 2, ports), recipe, {}, 10, stop));
  CHECK_FALSE(join(launch_of(1, 2, ports), recipe, 10, stop));
}

TEST_CASE("a request to stop rank 0 dismisses those that have come") {
  const auto ports = free_ports(1);
  const StopFd stop, never;
  std::optional<Head> head = Head{};
  std::thread other([&] { head = join(launch_of(1, 3, ports), recipe, 10, never); });
  std::thread user([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    CHECK(eventfd_write(stop.fd, 1) == 0);
  });
  CHECK_FALSE(gather(launch_of(0, 3, ports), recipe, {}, 10, stop));
  other.join();
  user.join();
  CHECK_FALSE(head);
}
