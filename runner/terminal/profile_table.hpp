#pragma once

#include "runner/protocol/event.hpp"

#include <string>

namespace runner {

/// What a worker tells of its traced steps, as a table.
std::string profile_table(const protocol::Profiled& profiled);

}  // namespace runner
