#include "runner/ui/assets.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace runner::ui {
namespace {

std::string type_of(std::string_view path) {
  constexpr std::array types = {std::pair{".html", "text/html; charset=utf-8"},
                                std::pair{".js", "text/javascript; charset=utf-8"},
                                std::pair{".css", "text/css; charset=utf-8"},
                                std::pair{".svg", "image/svg+xml"}};
  for (const auto& [ending, type] : types)
    if (path.ends_with(ending)) return type;
  return "text/plain; charset=utf-8";
}

// FNV-1a: tells versions of a file apart, and is no secret.
std::string tag_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return fmt::format("\"{:016x}\"", hash);
}

Response respond(const Asset& asset, const Request& request) {
  Response response;
  response.type = type_of(asset.path);
  const auto tag = tag_of(asset.bytes);
  response.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}};
  if (request.if_none_match == tag)
    response.status = 304;
  else
    response.body = asset.bytes;
  return response;
}

}  // namespace

std::optional<Response> asset_response(const Request& request) {
  const auto all = assets();
  const auto found = std::ranges::find(all, request.path, &Asset::path);
  return found == all.end() ? std::nullopt : std::optional(respond(*found, request));
}

Response page_response(const Request& request) {
  Request page = request;
  page.path = "/index.html";
  return asset_response(page).value();
}

}  // namespace runner::ui
