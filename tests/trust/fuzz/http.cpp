// What a browser, or anybody on this machine, sends to the page: over a real socket, with a token
// that is right where the input has the word TOKEN.
#include "runner/ui/session.hpp"
#include "tests/trust/fuzz/input.hpp"
#include "tests/trust/fuzz/runs.hpp"

#include <array>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Page {
  runner::Store store = runner::fuzz::make_runs();
  std::filesystem::path database = runner::fuzz::folder().path() / "runs.db";
  runner::ui::Site site{database, {.token = "TOKEN", .port = 1, .read_only = false}};
  runner::ui::Changes changes{database, [](runner::Store&) {}};
};

std::pair<tcp::socket, tcp::socket> connected(asio::io_context& context) {
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  boost::system::error_code error;
  do {
    tcp::socket client(context);
    client.connect(acceptor.local_endpoint(), error);
    if (!error) return {std::move(client), acceptor.accept()};
  } while (error == asio::error::interrupted);  // by libFuzzer's clock
  throw boost::system::system_error(error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Page page;
  const auto text = runner::fuzz::as_text(data, size);
  if (text.find("events") != std::string_view::npos) return -1;  // a stream, which does not end
  asio::io_context context;
  auto [client, server] = connected(context);
  runner::ui::begin_session(std::move(server), page.site, page.changes);
  boost::system::error_code error;
  asio::write(client, asio::buffer(text), error);
  client.shutdown(tcp::socket::shutdown_send, error);
  std::string answer;
  asio::async_read(client, asio::dynamic_buffer(answer), [](auto...) {});
  context.run();
  if (!answer.empty() && !answer.starts_with("HTTP/1.")) __builtin_trap();
  if (answer.starts_with("HTTP/1.1 500")) __builtin_trap();
  return 0;
}
