#pragma once

#include "experiments/error.hpp"
#include "registry/components.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runner::ui {

/// The user asked for something that is not there. Status 404.
struct NotFound : UserError {
  using UserError::UserError;
};

/// The values behind the `?` of an address, decoded.
class Query {
 public:
  Query() = default;
  explicit Query(std::map<std::string, std::string> values) : values_(std::move(values)) {}

  bool has(const std::string& name) const { return values_.contains(name); }
  /// Empty where it is not given.
  std::string text(const std::string& name) const;
  std::optional<std::string> optional_text(const std::string& name) const;
  /// Throws UserError for what is no whole number.
  std::int64_t integer(const std::string& name, std::int64_t otherwise) const;
  std::optional<std::int64_t> optional_integer(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

/// What a browser sends, as far as anything here depends on it.
struct Request {
  std::string method;
  std::string target;  ///< as it was asked for
  std::string path;    ///< decoded, without the query
  Query query;
  std::string host, origin, cookie, authorization, if_none_match;
  std::string body;
};

struct Response {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool is_stream = false;  ///< of events, which do not end
};

/// An address as a request names it, `/run/2q6c?tab=config`: its path and its query, both decoded.
std::pair<std::string, Query> decode_target(std::string_view target);

/// JSON in which what is no UTF-8 is replaced.
Response json_response(const Json& body, int status = 200);
/// A text for the user; the page shows it where it belongs.
Response error_response(int status, const std::string& text);

}  // namespace runner::ui
