#include "runner/exchange/output.hpp"

#include "experiments/error.hpp"
#include "experiments/schema.hpp"

#include <cerrno>
#include <cstdio>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::size_t piece = 1 << 20;

[[noreturn]] void fail(const std::filesystem::path& to, const std::system_error& error) {
  throw StoreError(fmt::format("cannot write {}: {}", to.string(), error.code().message()));
}

}  // namespace

Output::Output(std::filesystem::path to) : to_(std::move(to)) {
  try {
    if (to_ != "-") file_ = std::make_unique<AtomicFile>(to_);
  } catch (const std::system_error& error) {
    fail(to_, error);
  }
}

void Output::write(std::string_view text) {
  if (waiting_.size() + text.size() < piece) {
    waiting_ += text;
    return;
  }
  flush();
  put(text);
}

void Output::flush() {
  put(waiting_);
  waiting_.clear();
}

void Output::put(std::string_view text) {
  try {
    if (file_)
      file_->write(std::as_bytes(std::span(text)));
    else if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
      throw std::system_error(errno, std::generic_category());
  } catch (const std::system_error& error) {
    fail(file_ ? to_ : "standard output", error);
  }
}

void Output::commit() {
  flush();
  try {
    if (file_)
      file_->commit();
    else if (std::fflush(stdout) != 0)
      throw std::system_error(errno, std::generic_category());
  } catch (const std::system_error& error) {
    fail(file_ ? to_ : "standard output", error);
  }
}

void refuse_to_overwrite(const std::filesystem::path& to, bool overwrite) {
  std::error_code none;
  if (to == "-" || !std::filesystem::exists(to, none)) return;
  if (is_of_runs(to))
    throw UserError(fmt::format(
        "{} is a database of runs, which is not overwritten: name another file", to.string()));
  if (!overwrite)
    throw UserError(fmt::format("{} is there already; --force overwrites it", to.string()));
}

}  // namespace runner
