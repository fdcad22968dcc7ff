#include "runner/figure/markup.hpp"

#include "experiments/text.hpp"

#include <cmath>

#include <fmt/format.h>

namespace runner::figure {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : printable(text)) switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += letter;
    }
  return out;
}

std::string coordinate(double value) {
  return fmt::format("{:g}", std::round(value * 100) / 100 + 0.0);
}

}  // namespace runner::figure
