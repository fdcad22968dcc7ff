#pragma once

#include "runner/ui/message.hpp"

#include <optional>
#include <string>

namespace runner::ui {

/// Who may ask, and for what.
struct Guard {
  std::string token;
  int port = 0;
  bool read_only = false;

  /// The cookie's name holds the port: browsers send cookies to every port of a host.
  std::string cookie_name() const;
};

/// 128 random bits, in hexadecimal.
std::string new_token();

/// True when the address itself holds the right token, as the printed one does.
bool brings_token(const Guard& guard, const Request& request);

/// Why a request is not answered; nothing when it is. A name other than this machine's (a page that
/// has its own name point here), a page of another origin, or no token: the text says which.
std::optional<std::string> refusal(const Guard& guard, const Request& request);

/// Sets the cookie and leads to the same address without the token.
Response exchange_token(const Guard& guard, const Request& request);

}  // namespace runner::ui
