#pragma once

#include "registry/parallel/ranks.hpp"
#include "runner/protocol/channel.hpp"
#include "runner/protocol/heartbeat.hpp"
#include "runner/protocol/job.hpp"

#include <c10/core/Device.h>

namespace runner {

/// Brings this rank together with the others of its job, by what their supervisors pass on. Throws
/// std::runtime_error when they do not all come in time.
Ranks meet(const protocol::Job& job, const c10::Device& device, Channel& channel,
           Heartbeat& heartbeat);

}  // namespace runner
