#include "runner/ui/guard.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/random.h>

namespace runner::ui {
namespace {

bool is_same(std::string_view a, std::string_view b) {
  // Takes as long for any wrong token.
  return !a.empty() && a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool is_own_host(const Guard& guard, std::string_view host) {
  return host == fmt::format("127.0.0.1:{}", guard.port) ||
         host == fmt::format("localhost:{}", guard.port);
}

bool changes_something(const Request& request) {
  return request.method != "GET" && request.method != "HEAD";
}

std::string_view cookie(const Request& request, std::string_view name) {
  std::string_view rest = request.cookie;
  while (!rest.empty()) {
    const auto end = rest.find(';');
    auto part = rest.substr(0, end);
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
      return part.substr(name.size() + 1);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return {};
}

bool has_token(const Guard& guard, const Request& request) {
  constexpr std::string_view bearer = "Bearer ";
  const std::string_view authorization = request.authorization;
  if (authorization.starts_with(bearer))
    return is_same(authorization.substr(bearer.size()), guard.token);
  return is_same(cookie(request, guard.cookie_name()), guard.token);
}

std::string escaped(std::string_view text) {
  std::string html;
  for (const char letter : text) {
    const bool is_special = letter == '&' || letter == '<' || letter == '>' || letter == '"';
    html += is_special ? fmt::format("&#{};", static_cast<int>(letter)) : std::string(1, letter);
  }
  return html;
}

/// A target without its `token=...`; always a path of this server.
std::string without_token(std::string_view target) {
  const auto mark = target.find('?');
  auto path = target.substr(0, mark);
  path.remove_prefix(
      std::min(path.find_first_not_of("/\\"), path.size()));  // `//host` is elsewhere
  std::string clean = fmt::format("/{}", path);
  char separator = '?';
  auto rest = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const auto part = rest.substr(0, end);
    if (!part.empty() && !part.starts_with("token=")) {
      clean.append(1, separator).append(part);
      separator = '&';
    }
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return clean;
}

}  // namespace

std::string Guard::cookie_name() const { return fmt::format("runner_ui_{}", port); }

std::string new_token() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw std::system_error(errno, std::generic_category(), "no random numbers");
  std::string token;
  for (const auto byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

bool brings_token(const Guard& guard, const Request& request) {
  return request.method == "GET" && is_same(request.query.text("token"), guard.token);
}

std::optional<std::string> refusal(const Guard& guard, const Request& request) {
  if (!is_own_host(guard, request.host))
    return fmt::format("this page answers as 127.0.0.1:{0} and localhost:{0}, not as '{1}'",
                       guard.port, request.host);
  if (changes_something(request) && request.origin.empty())
    return "a change must come from this page: the request has no Origin";
  if (!request.origin.empty() && request.origin != "http://" + request.host)
    return fmt::format("the request comes from another page: {}", request.origin);
  if (!has_token(guard, request) && !brings_token(guard, request))
    return "open the address that `runner ui` has printed: it holds the token of this start";
  if (changes_something(request) && guard.read_only)
    return "`runner ui --read-only` changes nothing";
  return std::nullopt;
}

Response exchange_token(const Guard& guard, const Request& request) {
  const auto clean = escaped(without_token(request.target));
  Response response;
  response.type = "text/html; charset=utf-8";
  // No 302: after a link from another page (a terminal in a browser), the cookie of SameSite=Strict
  // is not sent along a redirect. This page asks anew by itself, and that is the same site.
  response.body = fmt::format(
      "<!doctype html><html lang=\"en\"><meta http-equiv=\"refresh\" content=\"0; url={0}\">"
      "<title>runner</title><p><a href=\"{0}\">Continue</a>\n",
      clean);
  response.headers = {{"Set-Cookie", fmt::format("{}={}; HttpOnly; SameSite=Strict; Path=/",
                                                 guard.cookie_name(), guard.token)},
                      {"Cache-Control", "no-store"}};
  return response;
}

}  // namespace runner::ui
