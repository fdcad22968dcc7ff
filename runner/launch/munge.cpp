#include "runner/launch/munge.hpp"

#include <cstdlib>
#include <memory>

#include <dlfcn.h>
#include <unistd.h>

namespace runner {
namespace {

// From munge.h of libmunge.so.2.
using Context = void*;
constexpr int munge_success = 0, cipher_type = 0, socket_option = 8, uid_restriction = 9,
              aes_128 = 4;

class Munge {
 public:
  Munge() : library_(dlopen("libmunge.so.2", RTLD_NOW | RTLD_LOCAL)) {
    if (!library_) return;
    find(create_, "munge_ctx_create");
    find(destroy_, "munge_ctx_destroy");
    find(set_, "munge_ctx_set");
    find(encode_, "munge_encode");
    find(decode_, "munge_decode");
    if (create_ && destroy_ && set_ && encode_ && decode_) context_ = create_();
    const char* socket = std::getenv("RUNNER_MUNGE_SOCKET");
    if (context_ && socket && *socket) set_(context_, socket_option, socket);
  }
  ~Munge() {
    if (context_) destroy_(context_);
    if (library_) dlclose(library_);
  }
  Munge(const Munge&) = delete;
  Munge& operator=(const Munge&) = delete;

  std::optional<std::string> encode(const std::string& text) const {
    if (!context_ || set_(context_, cipher_type, aes_128) != munge_success ||
        set_(context_, uid_restriction, geteuid()) != munge_success)
      return std::nullopt;
    char* credential = nullptr;
    const int error = encode_(&credential, context_, text.data(), static_cast<int>(text.size()));
    const Memory memory(credential);
    if (error != munge_success || !credential) return std::nullopt;
    return credential;
  }

  std::optional<std::string> decode(const std::string& credential) const {
    if (!context_) return std::nullopt;
    void* text = nullptr;
    int size = 0;
    uid_t maker = 0;
    gid_t group = 0;
    const int error = decode_(credential.c_str(), context_, &text, &size, &maker, &group);
    const Memory memory(text);
    if (error != munge_success || maker != geteuid() || size <= 0) return std::nullopt;
    return std::string(static_cast<const char*>(text), static_cast<std::size_t>(size));
  }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  using Memory = std::unique_ptr<void, Free>;

  template <class Function>
  void find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
  }

  void* library_;
  Context context_ = nullptr;
  Context (*create_)() = nullptr;
  void (*destroy_)(Context) = nullptr;
  int (*set_)(Context, int, ...) = nullptr;
  int (*encode_)(char**, Context, const void*, int) = nullptr;
  int (*decode_)(const char*, Context, void**, int*, uid_t*, gid_t*) = nullptr;
};

}  // namespace

bool munge_answers() { return Munge().encode("").has_value(); }

std::optional<std::string> munge(const std::string& text) { return Munge().encode(text); }

std::optional<std::string> unmunge(const std::string& credential) {
  return Munge().decode(credential);
}

}  // namespace runner
