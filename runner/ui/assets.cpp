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

// FNV-1a: tells versions apart, and is no secret.
std::string hash_of(std::string_view bytes, std::uint64_t hash = 0xcbf29ce484222325) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return fmt::format("{:016x}", hash);
}

/// Of all files together: what is asked for under it never changes, and is not asked for twice.
const std::string& version() {
  static const std::string hash = [] {
    std::string all;
    for (const auto& asset : assets()) all += hash_of(asset.bytes);
    return "/" + hash_of(all);
  }();
  return hash;
}

Response respond(const Asset& asset, const Request& request) {
  Response response;
  response.type = type_of(asset.path);
  const auto tag = fmt::format("\"{}\"", hash_of(asset.bytes));
  const bool is_fixed = request.path.starts_with(version());
  response.headers = {
      {"ETag", tag},
      {"Cache-Control", is_fixed ? "private, max-age=31536000, immutable" : "no-cache"}};
  if (request.if_none_match == tag)
    response.status = 304;
  else
    response.body = asset.bytes;
  return response;
}

std::string_view bytes_of(std::string_view path) {
  return std::ranges::find(assets(), path, &Asset::path)->bytes;
}

/// The page names its files with their version. All modules are asked for at once, and not each
/// when another is found to need it.
std::string make_page() {
  std::string page(bytes_of("/index.html")), links;
  for (const auto& asset : assets())
    if (asset.path.ends_with(".js") && !asset.path.ends_with(".min.js"))
      links += fmt::format("  <link rel=\"modulepreload\" href=\"{}\">\n", asset.path);
  page.insert(page.find("</head>"), links);
  for (const auto& asset : assets()) {
    const auto name = fmt::format("\"{}\"", asset.path);
    for (auto at = page.find(name); at != std::string::npos; at = page.find(name, at + 1))
      page.insert(at + 1, version());
  }
  return page;
}

}  // namespace

std::optional<Response> asset_response(const Request& request) {
  const auto all = assets();
  std::string_view path = request.path;
  if (path.starts_with(version())) path.remove_prefix(version().size());
  // Which browsers ask for where a page names no icon, as that which exchanges the token.
  if (path == "/favicon.ico") path = "/icon.svg";
  const auto found = std::ranges::find(all, path, &Asset::path);
  return found == all.end() ? std::nullopt : std::optional(respond(*found, request));
}

Response page_response(const Request& request) {
  static const std::string page = make_page();
  return respond({"/index.html", page}, request);
}

}  // namespace runner::ui
