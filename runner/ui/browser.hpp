#pragma once

#include <string>

namespace runner::ui {

/// Shows an address in the user's browser, where there is a screen; false where there is none. The
/// address stands in a file that only the user can read, since other users see command lines.
bool open_browser(const std::string& address);

}  // namespace runner::ui
