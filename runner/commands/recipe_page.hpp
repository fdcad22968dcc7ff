#pragma once

#include <string>

namespace runner {

/// How a recipe is made, on one page; `width` is that of the terminal, 0 for none.
std::string recipe_page(int width);

}  // namespace runner
