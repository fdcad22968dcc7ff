#pragma once

#include "runner/protocol/ending.hpp"

#include <exception>

namespace runner {

/// Whose fault it is that a rank threw this: the user's (std::invalid_argument, FieldError), that
/// of another rank, which went away in the midst of a collective, or its own.
Cause cause_of(const std::exception& error);

}  // namespace runner
