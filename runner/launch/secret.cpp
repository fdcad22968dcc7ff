#include "runner/launch/secret.hpp"

#include "experiments/error.hpp"
#include "runner/launch/munge.hpp"

#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

namespace runner {
namespace {

constexpr std::size_t least_characters = 16, drawn_bytes = 32;

std::string long_enough(std::string secret, const std::string& where) {
  while (!secret.empty() && std::isspace(static_cast<unsigned char>(secret.back())))
    secret.pop_back();
  if (secret.size() < least_characters)
    throw UserError(fmt::format(
        "{} has {} characters: expected at least {}, as `openssl rand -hex 32` prints them", where,
        secret.size(), least_characters));
  return secret;
}

class File {
 public:
  File(const std::string& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

void refuse_what_others_reach(int fd, const std::string& path) {
  struct stat status {};
  fstat(fd, &status);
  if (status.st_uid != geteuid())
    throw UserError(fmt::format("RUNNER_SECRET_FILE is {}, which belongs to another user", path));
  if ((status.st_mode & 077) != 0)
    throw UserError(fmt::format(
        "RUNNER_SECRET_FILE is {0}, which others can read or write: chmod 600 {0}", path));
}

std::string read_secret(const std::string& path) {
  const File file(path, O_RDONLY);
  if (file.fd() < 0)
    throw UserError(fmt::format("RUNNER_SECRET_FILE is {}: {}", path, std::strerror(errno)));
  refuse_what_others_reach(file.fd(), path);
  std::array<char, 4096> buffer{};
  const auto n = read(file.fd(), buffer.data(), buffer.size());
  if (n < 0)
    throw UserError(fmt::format("RUNNER_SECRET_FILE is {}: {}", path, std::strerror(errno)));
  return long_enough({buffer.data(), static_cast<std::size_t>(n)}, path);
}

}  // namespace

Secret find_secret(const Environment& environment, bool on_one_machine) {
  if (const auto secret = find_variable(environment, {"RUNNER_SECRET"}))
    return {SecretKind::given, long_enough(secret->value, secret->name)};
  if (const auto file = find_variable(environment, {"RUNNER_SECRET_FILE"}))
    return {SecretKind::given, read_secret(file->value)};
  if (!on_one_machine && munge_answers()) return {SecretKind::munge, random_bytes(drawn_bytes)};
  return {};
}

std::string describe(SecretKind kind) {
  switch (kind) {
    case SecretKind::none:
      return "no secret";
    case SecretKind::given:
      return "a secret (RUNNER_SECRET)";
    case SecretKind::munge:
      return "one from munge";
  }
  return "a secret of another kind";
}

void write_secret(const std::filesystem::path& file) {
  const File fresh(file, O_WRONLY | O_CREAT | O_EXCL);
  if (fresh.fd() < 0 && errno == EEXIST) return;
  std::string text;
  for (const unsigned char byte : random_bytes(drawn_bytes)) text += fmt::format("{:02x}", byte);
  text += '\n';
  if (fresh.fd() < 0 ||
      write(fresh.fd(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::system_error(errno, std::generic_category(), "cannot write " + file.string());
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    throw std::runtime_error("OpenSSL gives no random bytes");
  return bytes;
}

}  // namespace runner
