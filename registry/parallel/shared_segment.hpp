#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace runner {

/// Memory of several processes of one host, all zeros at first. No file system has to have room for
/// it, pages come into being when they are touched, and it goes with the last process.
class SharedSegment {
 public:
  /// None where the kernel gives none.
  static std::optional<SharedSegment> create(std::size_t bytes);
  /// That of another process, by its name; none where this process cannot reach it, as on another
  /// host.
  static std::optional<SharedSegment> open(const std::string& name, std::size_t bytes);
  ~SharedSegment();
  SharedSegment(SharedSegment&& other) noexcept;
  SharedSegment& operator=(SharedSegment&&) = delete;

  /// Opens it in other processes while this one has it.
  const std::string& name() const { return name_; }
  std::byte* data() const { return data_; }

 private:
  SharedSegment(std::string name, int file, std::size_t bytes, std::byte* data)
      : name_(std::move(name)), file_(file), bytes_(bytes), data_(data) {}

  static std::optional<SharedSegment> map(std::string name, int file, std::size_t bytes);

  std::string name_;
  int file_;
  std::size_t bytes_;
  std::byte* data_;
};

}  // namespace runner
