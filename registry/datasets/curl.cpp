#include "registry/datasets/curl.hpp"

#include "registry/datasets/download.hpp"

#include <dlfcn.h>

namespace runner {
namespace {

void* open_library() {
  for (const auto* const name : {"libcurl.so.4", "libcurl-gnutls.so.4"})
    if (void* const library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) return library;
  throw DownloadError("libcurl.so.4 is not installed (Debian: apt install libcurl4)");
}

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (!function) throw DownloadError(std::string("libcurl has no ") + name);
}

Curl load() {
  void* const library = open_library();
  Curl curl{};
  find(library, "curl_easy_init", curl.easy_init);
  find(library, "curl_easy_cleanup", curl.easy_cleanup);
  find(library, "curl_easy_setopt", curl.easy_setopt);
  find(library, "curl_easy_getinfo", curl.easy_getinfo);
  find(library, "curl_easy_perform", curl.easy_perform);
  find(library, "curl_easy_strerror", curl.easy_strerror);
  return curl;
}

}  // namespace

const Curl& curl() {
  static const Curl loaded = load();
  return loaded;
}

}  // namespace runner
