#include "runner/ui/event_stream.hpp"

#include <atomic>
#include <chrono>
#include <memory>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace runner::ui {
namespace {

// Each event has a page look again, which takes the processor some milliseconds: many pages are
// each told more rarely, so that the training does not feel them.
constexpr auto between_events_of_all = std::chrono::milliseconds(200);
constexpr auto stream_patience = std::chrono::seconds(30);
constexpr auto between_signs_of_life = std::chrono::seconds(5);

std::string head_of(const Response& response) {
  std::string head =
      fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nConnection: close\r\n", response.type);
  for (const auto& [name, value] : response.headers) head += fmt::format("{}: {}\r\n", name, value);
  return head + "\r\nretry: 1000\n\n";
}

class EventStream : public std::enable_shared_from_this<EventStream> {
 public:
  EventStream(boost::beast::tcp_stream stream, const Changes& changes)
      : stream_(std::move(stream)), timer_(stream_.get_executor()), changes_(changes) {
    ++open_;
  }
  ~EventStream() { --open_; }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  void write(std::string text) {
    text_ = std::move(text);
    stream_.expires_after(stream_patience);
    boost::asio::async_write(
        stream_, boost::asio::buffer(text_),
        [self = shared_from_this()](boost::system::error_code error, std::size_t) {
          if (!error) self->wait();
        });
  }

 private:
  using Clock = std::chrono::steady_clock;

  void wait() {
    stream_.expires_never();
    timer_.expires_after(open_.load() * between_events_of_all);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->look();
    });
  }

  void look() {
    const auto count = changes_.count();
    if (count != told_) {
      told_ = count;
      spoke_ = Clock::now();
      return write(fmt::format("data: {}\n\n", count));
    }
    if (Clock::now() - spoke_ < between_signs_of_life) return wait();
    spoke_ = Clock::now();
    write("event: alive\ndata: \n\n");
  }

  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer timer_;
  const Changes& changes_;
  std::string text_;
  std::uint64_t told_ = 0;
  Clock::time_point spoke_ = Clock::now();
  inline static std::atomic<int> open_ = 0;
};

}  // namespace

void begin_event_stream(boost::beast::tcp_stream stream, const Response& response,
                        const Changes& changes) {
  std::make_shared<EventStream>(std::move(stream), changes)->write(head_of(response));
}

}  // namespace runner::ui
