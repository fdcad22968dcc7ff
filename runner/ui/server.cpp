#include "runner/ui/server.hpp"

#include "runner/ui/session.hpp"

#include <chrono>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace runner::ui {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A slow answer (what matters in a sweep) does not hold up the others.
constexpr int threads = 4;

tcp::acceptor listen(asio::io_context& context, int port) {
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port));
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol());
  acceptor.set_option(asio::socket_base::reuse_address(true));
  acceptor.bind(endpoint);
  acceptor.listen();
  return acceptor;
}

tcp::acceptor listen(asio::io_context& context, std::optional<int> port) {
  try {
    return listen(context, port.value_or(usual_port));
  } catch (const boost::system::system_error& error) {
    if (port)
      throw UserError(
          fmt::format("cannot listen on 127.0.0.1:{}: {}; without --port any free one"
                      " is taken",
                      *port, error.code().message()));
    return listen(context, 0);
  }
}

/// A file descriptor that is given up for a moment when there are no others left, so that who wants
/// to connect is refused instead of waiting.
class SpareDescriptor {
 public:
  SpareDescriptor() { take(); }
  ~SpareDescriptor() { give(); }
  SpareDescriptor(const SpareDescriptor&) = delete;
  SpareDescriptor& operator=(const SpareDescriptor&) = delete;

  /// False where nobody could be refused.
  bool refuse_one(tcp::acceptor& acceptor) {
    give();
    boost::system::error_code error;
    {
      tcp::socket refused(acceptor.get_executor());
      acceptor.accept(refused, error);
    }
    take();
    return !error;
  }

 private:
  void take() { fd_ = open("/dev/null", O_RDONLY | O_CLOEXEC); }
  void give() {
    if (fd_ >= 0) close(fd_);
  }

  int fd_ = -1;
};

class Listener {
 public:
  Listener(tcp::acceptor& acceptor, const Site& site, const Changes& changes)
      : acceptor_(acceptor), site_(site), changes_(changes), pause_(acceptor.get_executor()) {
    acceptor_.non_blocking(true);
  }

  void accept() {
    acceptor_.async_accept(asio::make_strand(acceptor_.get_executor()),
                           [this](boost::system::error_code error, tcp::socket socket) {
                             if (error == asio::error::operation_aborted) return;
                             if (!error) begin_session(std::move(socket), site_, changes_);
                             if (!error || spare_.refuse_one(acceptor_))
                               accept();
                             else
                               accept_later();
                           });
  }

 private:
  /// What has failed would fail at once again.
  void accept_later() {
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([this](boost::system::error_code error) {
      if (!error) accept();
    });
  }

  tcp::acceptor& acceptor_;
  const Site& site_;
  const Changes& changes_;
  asio::steady_timer pause_;
  SpareDescriptor spare_;
};

void run(asio::io_context& context) {
  std::vector<std::thread> helpers;
  for (int i = 1; i < threads; ++i) helpers.emplace_back([&] { context.run(); });
  context.run();
  for (auto& helper : helpers) helper.join();
}

}  // namespace

void serve(const ServerOptions& options, const std::function<void(const std::string&)>& started) {
  asio::io_context context(threads);
  asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code, int) { context.stop(); });

  auto acceptor = listen(context, options.port);
  const Guard guard{new_token(), acceptor.local_endpoint().port(), options.read_only};
  const Site site(options.database, guard);
  const Changes changes(options.database, options.settle);
  Listener listener(acceptor, site, changes);
  listener.accept();
  started(fmt::format("http://127.0.0.1:{}/?token={}", guard.port, guard.token));
  run(context);
}

}  // namespace runner::ui
