#pragma once

#include "registry/description.hpp"

#include <string>
#include <string_view>

namespace runner {

/// A text in which what looks like a credential has become "***": user and password of an address,
/// secrets among an address's parameters, tokens of well-known services, private keys in PEM, and
/// what follows "Bearer" and "Basic".
std::string masked(std::string_view text);

/// The same, and what a name that speaks of a secret is given: password=..., "api_key": "...". For
/// texts in which such a name means just that: commands, environments, source code.
std::string masked_by_names(std::string_view text);

/// A value in which every text is masked().
Json masked_texts(Json json);

}  // namespace runner
