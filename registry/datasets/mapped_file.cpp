#include "registry/datasets/mapped_file.hpp"

#include "registry/datasets/fail.hpp"
#include "registry/datasets/input_file.hpp"

#include <atomic>
#include <csignal>
#include <mutex>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace runner {
namespace {

/// A range of addresses with a file behind it. The list of all is read by the signal's handler, at
/// any moment: nodes are used again, and never freed.
struct MappedRange {
  std::atomic<std::byte*> begin{nullptr};
  std::atomic<std::size_t> size{0};
  std::atomic<bool> lost{false};  ///< a part of it could not be read
  MappedRange* next = nullptr;
};

std::atomic<MappedRange*> all_ranges{nullptr};
struct sigaction earlier_handler {};

MappedRange* range_at(const std::byte* address) {
  for (auto* range = all_ranges.load(); range; range = range->next) {
    const auto* const begin = range->begin.load();
    if (begin && address >= begin && address < begin + range->size.load()) return range;
  }
  return nullptr;
}

/// The kernel sends SIGBUS where a mapped page has no file behind it any more, or cannot be read.
/// Zeros take its place until somebody checks.
void put_zeros(int, siginfo_t* info, void*) {
  const int error = errno;
  auto* const address = static_cast<std::byte*>(info->si_addr);
  auto* const range = range_at(address);
  const auto page_size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  auto* const page = address - reinterpret_cast<std::uintptr_t>(address) % page_size;
  if (!range || ::mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                       0) == MAP_FAILED) {
    // It comes again, and is then whoever's it was.
    ::sigaction(SIGBUS, &earlier_handler, nullptr);
  } else {
    range->lost = true;
  }
  errno = error;
}

void handle_sigbus() {
  struct sigaction action {};
  action.sa_sigaction = put_zeros;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &action, &earlier_handler);
}

std::mutex mappings_mutex;
std::set<const Mapping*> mappings;  ///< those that live

MappedRange* take_range(std::byte* begin, std::size_t size) {
  static std::once_flag once;
  std::call_once(once, handle_sigbus);
  const std::lock_guard lock(mappings_mutex);
  auto* range = all_ranges.load();
  while (range && range->begin) range = range->next;
  if (!range) {
    range = new MappedRange;
    range->next = all_ranges;
    all_ranges = range;
  }
  range->lost = false;
  range->size = size;
  range->begin = begin;
  return range;
}

}  // namespace

struct Mapping {
  std::filesystem::path path;
  struct stat before;
  MappedRange* range;

  Mapping(const InputFile& file, void* address)
      : path(std::filesystem::absolute(file.path())),
        before(file.status()),
        range(take_range(static_cast<std::byte*>(address), file.size())) {
    const std::lock_guard lock(mappings_mutex);
    mappings.insert(this);
  }
  ~Mapping() {
    const std::lock_guard lock(mappings_mutex);
    mappings.erase(this);
    auto* const begin = range->begin.load();
    const auto size = range->size.load();
    range->begin = nullptr;
    ::munmap(begin, size);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  void check() const {
    struct stat now {};
    const bool there = ::stat(path.c_str(), &now) == 0 && now.st_ino == before.st_ino &&
                       now.st_dev == before.st_dev;
    if (there && now.st_size < before.st_size)
      throw std::runtime_error(
          fmt::format("{} was truncated while it was read: from {} to {} bytes", path.string(),
                      before.st_size, now.st_size));
    if (there && version_of(now) != version_of(before))
      throw std::runtime_error(fmt::format("{} was written to while it was read", path.string()));
    if (range->lost)
      throw std::runtime_error(fmt::format(
          "{} could not be read: it was truncated, or its disk has failed", path.string()));
  }
};

MappedFile map_file(const std::filesystem::path& path) {
  const InputFile file(path);
  if (file.size() == 0) return {};
  void* const address = ::mmap(nullptr, file.size(), PROT_READ, MAP_SHARED, file.fd(), 0);
  if (address == MAP_FAILED) fail(path);
  ::madvise(address, file.size(), MADV_WILLNEED);
  return {{static_cast<const std::byte*>(address), file.size()},
          std::make_shared<Mapping>(file, address)};
}

std::string MappedFile::version() const { return owner ? version_of(owner->before) : ""; }

void MappedFile::check() const {
  if (owner) owner->check();
}

void check_mapped_files() {
  const std::lock_guard lock(mappings_mutex);
  for (const auto* const mapping : mappings) mapping->check();
}

}  // namespace runner
