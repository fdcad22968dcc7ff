#pragma once

#include "runner/ui/changes.hpp"
#include "runner/ui/site.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace runner::ui {

/// Answers what comes over a connection, one request after the other, until its other end or half a
/// minute's silence closes it. `site` and `changes` outlive it.
void begin_session(boost::asio::ip::tcp::socket socket, const Site& site, const Changes& changes);

}  // namespace runner::ui
