#include "runner/supervise/members.hpp"

#include "runner/supervise/tcp.hpp"
#include "tests/experiments/fixture.hpp"

#include <chrono>
#include <functional>
#include <thread>

#include <doctest/doctest.h>
#include <sys/eventfd.h>
#include <unistd.h>

using namespace runner;

namespace {

const Json recipe{{"config", {{"optimizer", {{"name", "sgd"}, {"lr", 0.1}}}}}};

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

Launch launch_of(int rank, int world_size, std::vector<std::uint16_t> ports) {
  Launch launch;
  launch.rank = rank;
  launch.world_size = world_size;
  launch.meeting = Meeting{"127.0.0.1", std::move(ports), "job-7"};
  return launch;
}

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
  const auto circle = gather(launch_of(0, 3, ports), recipe, {{"logs", "/logs/7"}}, 10, stop);
  for (auto& other : others) other.join();
  REQUIRE(circle);
  CHECK(circle->members.size() == 2);
  CHECK(circle->address == "127.0.0.1");
  for (const auto& head : heads) {
    REQUIRE(head);
    CHECK(head->address == "127.0.0.1");
    CHECK(head->my_address == "127.0.0.1");
    CHECK(head->told == Json{{"logs", "/logs/7"}});
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
  other_recipe["config"]["optimizer"]["lr"] = 0.5;
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

TEST_CASE("a stranger that knocks is not counted") {
  const auto ports = free_ports(1);
  const StopFd stop;
  std::thread stranger([&] {
    std::string error;
    int fd = -1;
    while (fd < 0) fd = connect_to("127.0.0.1", ports[0], std::chrono::milliseconds(500), error);
    CHECK(write(fd, "GET / HTTP/1.1\r\n\r\n", 18) == 18);
    close(fd);
  });
  CHECK(error_of<std::runtime_error>(
            [&] { gather(launch_of(0, 2, ports), recipe, {}, 0.5, stop); }) != "");
  stranger.join();
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
