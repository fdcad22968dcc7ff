#pragma once

#include "runner/ui/changes.hpp"
#include "runner/ui/message.hpp"

#include <boost/beast/core/tcp_stream.hpp>

namespace runner::ui {

/// Tells a page of changes, as server-sent events, until it is closed. Each holds nothing but a
/// counter: what has changed, the page asks for itself, and only for what it shows.
void begin_event_stream(boost::beast::tcp_stream stream, const Response& response,
                        const Changes& changes);

}  // namespace runner::ui
