#pragma once

#include "runner/ui/message.hpp"

#include <span>
#include <string_view>

namespace runner::ui {

/// A file of the page, compiled in.
struct Asset {
  std::string_view path;  ///< `/chart.js`
  std::string_view bytes;
};

/// All of them; written by CMake.
std::span<const Asset> assets();

/// Nothing where there is no such file; 304 where the browser has it already.
std::optional<Response> asset_response(const Request& request);
/// The page, which shows a view by the address that it was asked for under.
Response page_response(const Request& request);

}  // namespace runner::ui
