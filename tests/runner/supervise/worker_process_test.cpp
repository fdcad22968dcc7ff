#include "runner/supervise/worker_process.hpp"

#include "runner/protocol/description.hpp"
#include "tests/experiments/fixture.hpp"

#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;
namespace fs = std::filesystem;

namespace {

/// A worker that says these messages, and no more.
class Parrot {
 public:
  explicit Parrot(const std::vector<Json>& messages) {
    std::ofstream said(folder_.path() / "said", std::ios::binary);
    for (const auto& message : messages) {
      const auto body = Json::to_cbor(message);
      const auto length = static_cast<std::uint32_t>(body.size());
      said.write(reinterpret_cast<const char*>(&length), sizeof length);
      said.write(reinterpret_cast<const char*>(body.data()), std::ssize(body));
    }
    said.close();
    const auto script = folder_.path() / "runner-worker";
    std::ofstream(script) << "#!/bin/sh\ncat '" << (folder_.path() / "said").string() << "' >&3\n";
    fs::permissions(script, fs::perms::owner_all);
    worker_ = std::make_unique<WorkerProcess>(script);
  }

  std::optional<protocol::FromWorker> hear() {
    while (true) {
      if (auto message = worker_->take()) return message;
      if (!worker_->channel().read()) return std::nullopt;
    }
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<WorkerProcess> worker_;
};

const auto hello = to_json(protocol::Hello{protocol::version()});

}  // namespace

TEST_CASE("a worker's messages are heard once it has told its version") {
  Parrot parrot({hello, to_json(protocol::NoGraph{"several ranks"})});
  REQUIRE(parrot.hear());
  const auto message = parrot.hear();
  REQUIRE(message);
  CHECK(std::get<protocol::NoGraph>(*message).reason == "several ranks");
  CHECK_FALSE(parrot.hear());
}

TEST_CASE("a worker of another version is refused before any of its messages is read") {
  Parrot other({{{"event", "hello"}, {"protocol", 1}, {"colour", "red"}}});
  CHECK(error_of<std::runtime_error>([&] { other.hear(); }) ==
        fmt::format("runner-worker is of another version than runner (protocol 00000001 and "
                    "{:08x}): build or install both together",
                    protocol::version()));
  Parrot old({{{"event", "ready"}, {"device", "cpu"}}});
  CHECK(error_of<std::runtime_error>([&] { old.hear(); }) ==
        "runner-worker is of another version than runner: build or install both together");
}

TEST_CASE("a worker's message with a key that nobody knows is refused") {
  Parrot parrot({hello, {{"event", "no_graph"}, {"reason", ""}, {"colour", "red"}}});
  REQUIRE(parrot.hear());
  CHECK(error_of<BadMessage>([&] { parrot.hear(); }) == "message 'no_graph': 'colour' is unknown");
}
