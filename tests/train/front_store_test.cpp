#include "runner/train/front_store.hpp"

#include "runner/supervise/key_value_store.hpp"
#include "tests/experiments/fixture.hpp"

#include <future>
#include <thread>

#include <c10/util/Exception.h>
#include <doctest/doctest.h>
#include <sys/socket.h>

using namespace runner;

namespace {

/// A worker's channel, at whose other end a supervisor keeps the store.
class Supervised {
 public:
  explicit Supervised(std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    channel_ = std::make_unique<Channel>(ends[0]);
    store = c10::make_intrusive<FrontStore>(*channel_, timeout);
    supervisor_ = std::thread([fd = ends[1]] {
      Channel channel(fd);
      KeyValueStore kept;
      while (const auto message = channel.receive()) {
        const auto request = read_as<protocol::StoreRequest>(*message);
        const auto* get = std::get_if<protocol::GetKey>(&request.wish);
        if (get && get->key == "the end") return;
        kept.ask(request, [&](const auto& reply) { channel.send(reply); });
      }
    });
  }
  ~Supervised() {
    shutdown(channel_->fd(), SHUT_RDWR);
    supervisor_.join();
  }
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;

  c10::intrusive_ptr<FrontStore> store;

 private:
  std::unique_ptr<Channel> channel_;
  std::thread supervisor_;
};

}  // namespace

TEST_CASE("a worker asks its supervisor's store as c10d's stores are asked") {
  const Supervised supervised;
  auto& store = *supervised.store;
  store.set("a", std::vector<std::uint8_t>{0, 255, 7});
  CHECK(store.get("a") == std::vector<std::uint8_t>{0, 255, 7});
  CHECK(store.add("n", 5) == 5);
  CHECK(store.add("n", -2) == 3);
  CHECK(store.get_to_str("n") == "3");
  CHECK(store.check({"a", "n"}));
  CHECK_FALSE(store.check({"a", "b"}));
  CHECK(store.getNumKeys() == 2);
  CHECK(store.compareSet("n", std::string("3"), std::string("new")) == "new");
  store.wait({"a", "n"});
  CHECK(store.deleteKey("a"));
  CHECK_FALSE(store.deleteKey("a"));
}

TEST_CASE("while threads wait for keys, others of the same worker ask and answer") {
  const Supervised supervised;
  auto& store = *supervised.store;
  std::vector<std::future<std::string>> heard;
  for (int i = 0; i < 8; ++i)
    heard.push_back(std::async(std::launch::async,
                               [&, i] { return store.get_to_str("late " + std::to_string(i)); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  for (int i = 7; i >= 0; --i) {
    CHECK(store.add("asked", 1) == 8 - i);
    const c10::intrusive_ptr<c10d::Store> copy = store.clone();
    copy->set("late " + std::to_string(i), std::to_string(i));
  }
  for (int i = 0; i < 8; ++i) CHECK(heard[static_cast<std::size_t>(i)].get() == std::to_string(i));
}

TEST_CASE("a key that never comes, and a supervisor that is gone, are said") {
  const Supervised supervised(std::chrono::milliseconds(50));
  auto& store = *supervised.store;
  CHECK(error_of<c10::DistStoreError>([&] { store.get("never"); }) ==
        "the store has not answered 'get never' within 0.05 s");
  CHECK(store.add("n", 1) == 1);
  CHECK(error_of<c10::DistStoreError>([&] { store.get("the end"); }) == "the supervisor is gone");
}
