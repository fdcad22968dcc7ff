#pragma once

#include "runner/ui/guard.hpp"
#include "runner/ui/message.hpp"

#include <filesystem>

namespace runner::ui {

/// What is at each address: the page and its files, and the answers under `/api/`. May be asked by
/// many threads at once: each request opens the database for itself.
class Site {
 public:
  Site(std::filesystem::path database, Guard guard)
      : database_(std::move(database)), guard_(std::move(guard)) {}

  /// Never throws: what goes wrong becomes a status and a text.
  Response answer(const Request& request) const;

 private:
  Response permitted(const Request& request) const;

  std::filesystem::path database_;
  Guard guard_;
};

}  // namespace runner::ui
