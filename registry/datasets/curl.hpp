#pragma once

#include <curl/curl.h>

namespace runner {

/// The part of libcurl that downloads need, loaded when the first one starts: linking libcurl and
/// the 30 libraries behind it would cost every command 3 ms, and a machine without it can still run
/// on local data.
struct Curl {
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_strerror) easy_strerror;
};

/// Throws DownloadError when the machine has no libcurl.
const Curl& curl();

}  // namespace runner
