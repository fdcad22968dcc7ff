#include "runner/exchange/output.hpp"

#include "experiments/error.hpp"

#include <cstdio>
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
  waiting_ += text;
  if (waiting_.size() >= piece) flush();
}

void Output::flush() {
  try {
    if (file_)
      file_->write(std::as_bytes(std::span(waiting_)));
    else if (std::fwrite(waiting_.data(), 1, waiting_.size(), stdout) != waiting_.size())
      throw std::system_error(errno, std::generic_category());
  } catch (const std::system_error& error) {
    fail(file_ ? to_ : "standard output", error);
  }
  waiting_.clear();
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
  if (to != "-" && std::filesystem::exists(to) && !overwrite)
    throw UserError(fmt::format("{} is there already; --force overwrites it", to.string()));
}

}  // namespace runner
