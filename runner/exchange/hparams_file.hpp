#pragma once

#include "registry/description.hpp"

#include <filesystem>

namespace runner {

/// The values in a YAML file that another program wrote, such as Lightning's hparams.yaml: tags of
/// Python's are passed over, what is no number by YAML 1.2 is a text. An empty object when the file
/// is empty. Throws UserError when it cannot be read.
Json read_hparams(const std::filesystem::path& file);

}  // namespace runner
