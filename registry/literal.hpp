#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace runner {

/// A string literal as a template argument.
template <std::size_t N>
struct Literal {
  char text[N]{};
  constexpr Literal(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

}  // namespace runner
