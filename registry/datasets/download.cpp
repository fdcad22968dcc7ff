#include "registry/datasets/download.hpp"

#include "registry/datasets/curl.hpp"
#include "registry/datasets/fail.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr int attempts = 5;
constexpr long partial_content = 206;
constexpr long range_not_satisfiable = 416;

using Handle = std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

std::int64_t size_of(const std::filesystem::path& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  return missing ? 0 : static_cast<std::int64_t>(size);
}

/// One request: the callbacks' state.
struct Attempt {
  const Transfer& transfer;
  Handle handle;
  File file;
  std::int64_t offset;
  bool answered = false;
  int write_error = 0;
  bool too_long = false;

  long status() const {
    long code = 0;
    curl().easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &code);
    return code;
  }

  void start_anew() {
    file.reset(std::freopen(transfer.part.c_str(), "wb", file.release()));
    offset = 0;
  }
};

std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* state) {
  auto& attempt = *static_cast<Attempt*>(state);
  if (!attempt.answered && attempt.offset > 0 && attempt.status() != partial_content)
    attempt.start_anew();
  attempt.answered = true;
  attempt.offset += static_cast<std::int64_t>(count);
  attempt.too_long = attempt.offset > attempt.transfer.limit;
  if (attempt.too_long) return CURL_WRITEFUNC_ERROR;
  if (!attempt.file || std::fwrite(bytes, 1, count, attempt.file.get()) != count) {
    attempt.write_error = errno;
    return CURL_WRITEFUNC_ERROR;
  }
  return count;
}

int on_progress(void* state, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
  const auto& attempt = *static_cast<Attempt*>(state);
  const auto before = attempt.offset - done;
  if (attempt.answered && attempt.transfer.progress)
    attempt.transfer.progress(attempt.offset, total > 0 ? before + total : 0);
  return 0;
}

void configure(Attempt& attempt) {
  const auto set = [&](CURLoption option, auto value) {
    curl().easy_setopt(attempt.handle.get(), option, value);
  };
  set(CURLOPT_URL, attempt.transfer.address.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 5L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_USERAGENT, "runner");
  set(CURLOPT_CONNECTTIMEOUT, attempt.transfer.patience.connect_seconds);
  set(CURLOPT_LOW_SPEED_LIMIT, 1000L);
  set(CURLOPT_LOW_SPEED_TIME, attempt.transfer.patience.stall_seconds);
  set(CURLOPT_WRITEFUNCTION, &on_bytes);
  set(CURLOPT_WRITEDATA, &attempt);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(CURLOPT_XFERINFODATA, &attempt);
  // CURLOPT_RANGE, not CURLOPT_RESUME_FROM: that one fails where a server ignores the range.
  if (attempt.offset > 0) set(CURLOPT_RANGE, fmt::format("{}-", attempt.offset).c_str());
}

std::string problem_of(const Attempt& attempt, CURLcode code) {
  if (code == CURLE_OK) return "";
  if (attempt.write_error) {
    errno = attempt.write_error;
    fail(attempt.transfer.part);
  }
  if (attempt.too_long) return fmt::format("sends more than {} bytes", attempt.transfer.limit);
  if (code != CURLE_HTTP_RETURNED_ERROR) return curl().easy_strerror(code);
  // All is there already: a process that died after the last byte left it.
  if (attempt.status() == range_not_satisfiable && attempt.offset > 0) return "";
  return fmt::format("HTTP {}", attempt.status());
}

std::string try_once(const Transfer& transfer) {
  Attempt attempt{transfer, Handle(curl().easy_init(), curl().easy_cleanup),
                  File(std::fopen(transfer.part.c_str(), "ab"), &std::fclose),
                  size_of(transfer.part)};
  if (!attempt.file) fail(transfer.part);
  configure(attempt);
  const auto code = curl().easy_perform(attempt.handle.get());
  if (attempt.file && std::fflush(attempt.file.get()) != 0) fail(transfer.part);
  if (attempt.too_long) std::filesystem::remove(transfer.part);
  return problem_of(attempt, code);
}

}  // namespace

void download(const Transfer& transfer) {
  for (int attempt = 1;; ++attempt) {
    const auto before = size_of(transfer.part);
    const auto problem = try_once(transfer);
    if (problem.empty()) return;
    const auto after = size_of(transfer.part);
    if (after == 0) std::filesystem::remove(transfer.part);
    if (after <= before || attempt == attempts) throw DownloadError(problem);
  }
}

}  // namespace runner
