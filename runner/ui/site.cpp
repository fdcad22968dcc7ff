#include "runner/ui/site.hpp"

#include "runner/ui/api.hpp"
#include "runner/ui/assets.hpp"

namespace runner::ui {
namespace {

Response try_to(const std::function<Response()>& work) {
  try {
    return work();
  } catch (const NotFound& error) {
    return error_response(404, error.what());
  } catch (const UserError& error) {
    return error_response(400, error.what());
  } catch (const std::exception& error) {
    return error_response(500, error.what());
  }
}

/// Nothing but this server's own files runs or is shown, and no other page frames this one.
void secure(Response& response) {
  response.headers.insert(
      response.headers.end(),
      {{"Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
       {"X-Content-Type-Options", "nosniff"},
       {"Referrer-Policy", "no-referrer"},
       {"Cross-Origin-Opener-Policy", "same-origin"},
       {"Cross-Origin-Resource-Policy", "same-origin"}});
}

bool looks_like_file(const std::string& path) {
  return path.find('.', path.rfind('/')) != std::string::npos;
}

}  // namespace

Response Site::answer(const Request& request) const {
  auto response = try_to([&] {
    const auto reason = refusal(guard_, request);
    return reason ? error_response(403, *reason) : permitted(request);
  });
  secure(response);
  return response;
}

Response Site::permitted(const Request& request) const {
  if (brings_token(guard_, request)) return exchange_token(guard_, request);
  if (request.path == "/api/events") {
    Response events;
    events.type = "text/event-stream";
    events.headers = {{"Cache-Control", "no-store"}};
    events.is_stream = true;
    return events;
  }
  if (request.path.starts_with("/api/"))
    return api_response(request, {database_, guard_.read_only});
  if (request.method != "GET" && request.method != "HEAD")
    return error_response(405, "there is nothing here to change");
  if (auto asset = asset_response(request)) return *asset;
  if (looks_like_file(request.path)) return error_response(404, "no such file: " + request.path);
  return page_response(request);
}

}  // namespace runner::ui
