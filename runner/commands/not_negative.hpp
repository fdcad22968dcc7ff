#pragma once

namespace CLI {
class Validator;
}

namespace runner {

/// Of an option that takes a number of at least 0.
const CLI::Validator& not_negative();

}  // namespace runner
