#include "registry/datasets/gzip.hpp"

#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

namespace runner {
namespace {

struct GzipReader {
  gzFile file;
  explicit GzipReader(const std::filesystem::path& path) : file(gzopen(path.c_str(), "rbe")) {
    if (!file) throw std::system_error(errno, std::generic_category(), path.string());
    gzbuffer(file, 256 << 10);
  }
  ~GzipReader() { gzclose_r(file); }
};

std::string problem_of(gzFile file, const std::filesystem::path& path) {
  int code = Z_OK;
  std::string_view text = gzerror(file, &code);
  if (code == Z_OK || code == Z_STREAM_END) return "";
  if (code == Z_BUF_ERROR) return "truncated gzip data";
  // zlib puts the path first, and so do our callers.
  if (const auto prefix = path.string() + ": "; text.starts_with(prefix))
    text.remove_prefix(prefix.size());
  return fmt::format("corrupt gzip data ({})", text);
}

}  // namespace

std::string unpack_gzip(const std::filesystem::path& packed, std::int64_t limit,
                        const std::function<void(std::span<const std::byte>)>& sink) {
  const GzipReader reader(packed);
  std::vector<std::byte> piece(256 << 10);
  for (std::int64_t total = 0;;) {
    const int count = gzread(reader.file, piece.data(), static_cast<unsigned>(piece.size()));
    if (gzdirect(reader.file)) return count > 0 ? "not gzip data" : "an empty file";
    if (count <= 0) return problem_of(reader.file, packed);
    total += count;
    if (total > limit) return fmt::format("unpacks to more than the expected {} bytes", limit);
    sink({piece.data(), static_cast<std::size_t>(count)});
  }
}

}  // namespace runner
