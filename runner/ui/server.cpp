#include "runner/ui/server.hpp"

#include "runner/ui/session.hpp"

#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <fmt/format.h>

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

void accept(tcp::acceptor& acceptor, const Site& site, const Changes& changes) {
  acceptor.async_accept(asio::make_strand(acceptor.get_executor()),
                        [&](boost::system::error_code error, tcp::socket socket) {
                          if (error == asio::error::operation_aborted) return;
                          if (!error) begin_session(std::move(socket), site, changes);
                          accept(acceptor, site, changes);
                        });
}

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
  accept(acceptor, site, changes);
  started(fmt::format("http://127.0.0.1:{}/?token={}", guard.port, guard.token));
  run(context);
}

}  // namespace runner::ui
