#pragma once

#include "runner/commands/command.hpp"

#include <string>
#include <vector>

namespace runner {

/// `runner components [KIND|SECTION [NAME]]`: what a recipe can name, with every field.
void add_components(CLI::App& app, Command& chosen);

/// What it prints for a component, all of a kind, a section or a field of one; `width` is that of
/// the terminal, 0 for none. Throws UserError where there is no such thing.
std::string components_page(const std::string& topic, const std::string& name, int width);

/// The kinds and sections that it knows.
std::vector<std::string> component_topics();

}  // namespace runner
