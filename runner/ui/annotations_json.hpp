#pragma once

#include "experiments/sqlite.hpp"
#include "registry/components.hpp"

#include <string_view>

namespace runner::ui {

/// What people say of a run: tags, note, archived.
Json annotations_json(const Database& database, std::string_view run_id);

}  // namespace runner::ui
