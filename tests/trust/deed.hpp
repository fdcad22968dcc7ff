#pragma once

#include "tests/trust/world.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace runner {

/// A command whose every moment is tried.
struct Deed {
  std::string name;
  std::vector<std::string> words;  ///< $ is the world's folder
  /// Brings to its end what was cut short; gives what went wrong with that.
  std::function<std::string(const World&)> finish;
};

const std::vector<Deed>& deeds();
/// The same with as few steps as will do.
const std::vector<Deed>& brief_deeds();

std::vector<std::string> words_of(const Deed& deed, const World& world);

/// Brings what was cut short to its end. Gives what is not as if nothing had happened, a line each.
std::string aftermath(const World& world, const std::set<const Deed*>& done);

/// What the world holds when these are done, undisturbed.
const Contents& result_of(const std::set<const Deed*>& done);

}  // namespace runner
