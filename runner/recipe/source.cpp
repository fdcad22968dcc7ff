#include "runner/recipe/source.hpp"

#include "registry/datasets/input_file.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace runner {
namespace {

constexpr std::size_t largest_recipe = 1 << 20;  // bytes

/// A file, or a pipe of the shell's such as <(sed ... mnist.yaml), open to be read.
class RecipeFile {
 public:
  explicit RecipeFile(const std::string& path)
      // Without O_NONBLOCK a named pipe would be waited for.
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (fd_ < 0) throw std::runtime_error(std::strerror(errno));
    if (const std::string what = what_else_it_is(); !what.empty()) {
      close(fd_);
      throw std::runtime_error("it is " + what);
    }
    fcntl(fd_, F_SETFL, 0);  // a writer may take its time
  }
  ~RecipeFile() { close(fd_); }
  RecipeFile(const RecipeFile&) = delete;
  RecipeFile& operator=(const RecipeFile&) = delete;

  /// Gives the number of bytes, fewer than there is room only at the end.
  std::size_t read(std::string& into) const {
    std::size_t done = 0;
    while (done < into.size()) {
      const auto count = ::read(fd_, into.data() + done, into.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw std::runtime_error(std::strerror(errno));
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    return done;
  }

 private:
  std::string what_else_it_is() const {
    struct stat status {};
    if (fstat(fd_, &status) != 0) return "not to be read";
    struct statfs system {};
    const bool shells =
        S_ISFIFO(status.st_mode) && fstatfs(fd_, &system) == 0 && system.f_type == PIPEFS_MAGIC;
    return shells ? "" : runner::what_else_it_is(status);
  }

  int fd_;
};

}  // namespace

std::string describe(const Place& place) {
  if (!place.source) return "default";
  if (place.source->is_argument) return "argument " + place.source->name;
  return fmt::format("{}:{}:{}", place.source->name, place.line, place.column);
}

std::shared_ptr<Source> read_source(const std::string& path) {
  const RecipeFile file(path);
  std::string text(largest_recipe + 1, '\0');
  text.resize(file.read(text));
  if (text.size() > largest_recipe)
    throw std::runtime_error("it is larger than 1 MiB, which no recipe is");
  return std::make_shared<Source>(Source{path, std::move(text), false});
}

}  // namespace runner
