#pragma once

#include <memory>

namespace CLI {
class FormatterBase;
}

namespace runner {

/// CLI11's help, whose descriptions are broken at the terminal's width.
std::shared_ptr<CLI::FormatterBase> help_format();

}  // namespace runner
