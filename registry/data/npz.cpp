#include "registry/data/npz.hpp"

#include "registry/data/npy.hpp"
#include "registry/datasets/prepared.hpp"

#include <algorithm>
#include <limits>
#include <memory>

#include <fmt/format.h>
#include <minizip/unzip.h>

namespace runner {
namespace {

constexpr std::string_view npy_suffix = ".npy";

class OpenZip {
 public:
  explicit OpenZip(const std::filesystem::path& path) : path_(path), zip_(unzOpen64(path.c_str())) {
    if (!zip_) throw DataError(fmt::format("{}: not a zip file, as .npz files are", path.string()));
  }
  ~OpenZip() { unzClose(zip_); }
  OpenZip(const OpenZip&) = delete;
  OpenZip& operator=(const OpenZip&) = delete;

  unzFile get() const { return zip_; }

  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(fmt::format("{}: {}", path_.string(), what));
  }

 private:
  const std::filesystem::path& path_;
  unzFile zip_;
};

std::vector<std::string> list_names(const OpenZip& zip) {
  std::vector<std::string> names;
  for (int state = unzGoToFirstFile(zip.get()); state == UNZ_OK;
       state = unzGoToNextFile(zip.get())) {
    std::string name(std::numeric_limits<std::uint16_t>::max(), '\0');
    unz_file_info64 info{};
    if (unzGetCurrentFileInfo64(zip.get(), &info, name.data(), name.size(), nullptr, 0, nullptr,
                                0) != UNZ_OK)
      zip.fail("its list of files is damaged");
    name.resize(info.size_filename);
    if (name.ends_with(npy_suffix))
      names.push_back(name.substr(0, name.size() - npy_suffix.size()));
  }
  return names;
}

}  // namespace

NpzFile::NpzFile(const std::filesystem::path& path)
    : path_(path), file_(map_file(path)), names_(list_names(OpenZip(path))) {}

Array NpzFile::array(const std::string& name) const {
  const OpenZip zip(path_);
  const auto entry = name + std::string(npy_suffix);
  const auto label = fmt::format("{}: {}", path_.string(), name);
  unz_file_info64 info{};
  constexpr int exact_case = 1;
  if (unzLocateFile(zip.get(), entry.c_str(), exact_case) != UNZ_OK ||
      unzGetCurrentFileInfo64(zip.get(), &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK ||
      unzOpenCurrentFile(zip.get()) != UNZ_OK)
    zip.fail(fmt::format("{} cannot be read", name));
  const std::uint64_t size = info.uncompressed_size;
  if (info.compression_method == 0) {
    const auto begin = unzGetCurrentFileZStreamPos64(zip.get());
    if (begin > file_.bytes.size() || size > file_.bytes.size() - begin)
      zip.fail(fmt::format("{} is cut short", name));
    return read_npy(file_.bytes.subspan(begin, size), file_.owner, label);
  }
  constexpr std::uint64_t most_bytes = std::uint64_t{1} << 40, most_growth = 1100;  // deflate's
  if (size > most_bytes || size / most_growth > info.compressed_size)
    zip.fail(fmt::format("{} says that it has {} bytes, which its {} packed ones cannot be", name,
                         size, info.compressed_size));
  const std::shared_ptr<std::byte[]> bytes(new std::byte[size]);
  for (std::uint64_t done = 0; done < size;) {
    constexpr std::uint64_t at_once = 1 << 30;
    const auto read = unzReadCurrentFile(zip.get(), bytes.get() + done,
                                         static_cast<unsigned>(std::min(at_once, size - done)));
    if (read <= 0) zip.fail(fmt::format("{} is damaged", name));
    done += static_cast<std::uint64_t>(read);
  }
  if (unzCloseCurrentFile(zip.get()) != UNZ_OK) zip.fail(fmt::format("{} is damaged", name));
  return read_npy({bytes.get(), size}, bytes, label);
}

}  // namespace runner
