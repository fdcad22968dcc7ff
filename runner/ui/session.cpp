#include "runner/ui/session.hpp"

#include "runner/ui/event_stream.hpp"

#include <memory>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace runner::ui {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using Message = http::response<http::string_body>;

constexpr auto session_patience = std::chrono::seconds(30);
constexpr std::uint64_t most_body_bytes = 1 << 20;
constexpr std::uint32_t most_header_bytes = 16 << 10;

template <class View>
std::string text(View view) {
  return {view.data(), view.size()};
}

Request to_request(const http::request<http::string_body>& message) {
  Request request;
  request.method = text(message.method_string());
  request.target = text(message.target());
  std::tie(request.path, request.query) = decode_target(request.target);
  request.host = text(message[http::field::host]);
  request.origin = text(message[http::field::origin]);
  request.cookie = text(message[http::field::cookie]);
  request.authorization = text(message[http::field::authorization]);
  request.if_none_match = text(message[http::field::if_none_match]);
  request.body = message.body();
  return request;
}

Message to_message(Response response, const http::request<http::string_body>& request) {
  Message message(static_cast<http::status>(response.status), request.version());
  message.set(http::field::content_type, response.type);
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(request.keep_alive());
  const auto size = response.body.size();
  if (request.method() != http::verb::head) message.body() = std::move(response.body);
  if (response.status != 304) message.content_length(size);
  return message;
}

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, const Site& site, const Changes& changes)
      : stream_(std::move(socket)), site_(site), changes_(changes) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(most_body_bytes);
    parser_->header_limit(most_header_bytes);
    stream_.expires_after(session_patience);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) self->answer();
                     });
  }

 private:
  void answer() {
    const auto& request = parser_->get();
    auto response = site_.answer(to_request(request));
    if (response.is_stream && request.method() == http::verb::get)
      begin_event_stream(std::move(stream_), response, changes_);
    else
      write(to_message(std::move(response), request));
  }

  void write(Message message) {
    message_ = std::move(message);
    stream_.expires_after(session_patience);
    http::async_write(stream_, message_,
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        if (!error && self->message_.keep_alive()) self->read();
                      });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  Message message_;
  const Site& site_;
  const Changes& changes_;
};

}  // namespace

void begin_session(boost::asio::ip::tcp::socket socket, const Site& site, const Changes& changes) {
  std::make_shared<Session>(std::move(socket), site, changes)->read();
}

}  // namespace runner::ui
