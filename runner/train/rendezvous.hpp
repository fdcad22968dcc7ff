#pragma once

#include "registry/description.hpp"
#include "registry/parallel/ranks.hpp"
#include "runner/supervise/channel.hpp"
#include "runner/supervise/heartbeat.hpp"

#include <exception>

#include <c10/core/Device.h>

namespace runner {

/// Brings this rank together with the others of its job, by what their supervisors pass on. Throws
/// std::runtime_error when they do not all come in time.
Ranks meet(const Json& job, const c10::Device& device, Channel& channel, Heartbeat& heartbeat);

/// Whether an error only says that another rank went away in the midst of a collective.
bool is_loss_of_others(const std::exception& error);

}  // namespace runner
