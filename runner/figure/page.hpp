#pragma once

#include "runner/figure/figure.hpp"

#include <string>

namespace runner::figure {

/// One HTML file that needs no network: the curves with zoom, reading by pointer and keyboard,
/// light and dark; without scripts, the picture.
std::string page(const Figure& figure);

}  // namespace runner::figure
