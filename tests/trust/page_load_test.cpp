#include "tests/program/program.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <regex>
#include <sstream>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace runner;

namespace {

namespace fs = std::filesystem;

constexpr int clients = 100;
constexpr double largest_share = 0.02;  // of the training's processor time

/// A connection to the page, on which something was asked.
class Asked {
 public:
  Asked(int port, const std::string& token, const std::string& path)
      : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    const auto request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                         "\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n";
    REQUIRE(write(socket_, request.data(), request.size()) == static_cast<ssize_t>(request.size()));
  }
  ~Asked() { close(socket_); }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  int descriptor() const { return socket_; }
  /// What has come by now, at least a byte; empty at the end.
  std::string some() const {
    std::array<char, 65536> bytes{};
    const auto count = read(socket_, bytes.data(), bytes.size());
    return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  }
  std::string all() const {
    std::string text;
    for (auto piece = some(); !piece.empty(); piece = some()) text += piece;
    return text;
  }

 private:
  int socket_;
};

/// Seconds of processor time of a process and of those that it has started.
double processor_time(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::array<std::string, 13> values;
  for (auto& value : values) fields >> value;
  double ticks = std::stod(values[11]) + std::stod(values[12]);  // utime and stime
  double seconds = ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  std::ifstream children("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) +
                         "/children");
  for (pid_t child = 0; children >> child;) seconds += processor_time(child);
  return seconds;
}

/// Pages as browsers have them open: each is told of changes, and then asks for what it shows.
class Pages {
 public:
  Pages(int port, std::string token) : port_(port), token_(std::move(token)) {
    for (int i = 0; i < clients; ++i)
      streams_.push_back(std::make_unique<Asked>(port_, token_, "/api/events"));
  }

  void live_for(std::chrono::seconds time) {
    std::vector<pollfd> waiting;
    for (const auto& stream : streams_) waiting.push_back({stream->descriptor(), POLLIN, 0});
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      poll(waiting.data(), waiting.size(), 100);
      for (std::size_t i = 0; i < waiting.size(); ++i)
        if (waiting[i].revents && streams_[i]->some().find("data: ") != std::string::npos) look();
    }
  }

  int looks() const { return looks_; }

 private:
  void look() {
    ++looks_;
    const auto answer = Asked(port_, token_, "/api/runs?limit=50").all();
    CHECK(answer.starts_with("HTTP/1.1 200"));
  }

  int port_;
  std::string token_;
  std::vector<std::unique_ptr<Asked>> streams_;
  int looks_ = 0;
};

}  // namespace

TEST_CASE("100 clients on the page take at most 2 % of the processor time of a run that trains") {
  const TemporaryDirectory folder, elsewhere;
  const auto database = (folder.path() / ".runner/experiments.db").string();
  Program training(
      folder.path(),
      {"run", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml", "train.epochs=100000",
       "topology={name: single, device: cpu}", "save.every=null"});
  REQUIRE(training.wait_for("epoch 1"));
  Program page(elsewhere.path(), {"ui", "--no-browser", "--db", database});
  REQUIRE(page.wait_for("token="));
  std::smatch address;
  const auto printed = page.out();
  REQUIRE(std::regex_search(printed, address, std::regex(":([0-9]+)/\\?token=([0-9a-f]+)")));
  {
    Pages pages(std::stoi(address[1]), address[2]);
    pages.live_for(std::chrono::seconds(2));  // all have looked once
    const auto page_before = processor_time(page.pid());
    const auto training_before = processor_time(training.pid());
    pages.live_for(std::chrono::seconds(20));
    const auto of_page = processor_time(page.pid()) - page_before;
    const auto of_training = processor_time(training.pid()) - training_before;
    CAPTURE(of_page);
    CAPTURE(of_training);
    CHECK(pages.looks() >= clients);
    CHECK(of_page <= largest_share * of_training);
  }
  training.signal(SIGINT);
  training.wait();
  page.signal(SIGINT);
  page.wait();
}
