#include "runner/exchange/event_file.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/input_file.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include <boost/crc.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t head = 12, tail = 4;  // bytes around a message

/// CRC-32C, turned and moved, so that a sum of sums is none.
std::uint32_t check_sum(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return std::rotr(static_cast<std::uint32_t>(crc.checksum()), 15) + 0xa282ead8;
}

template <class Number>
void append(std::string& out, Number number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

/// An event file, read frame by frame.
class FrameReader {
 public:
  FrameReader(const std::filesystem::path& file, std::uint64_t bytes)
      : in_(file), end_(std::min<std::uint64_t>(bytes, in_.size())) {}

  /// Where the next frame begins.
  std::uint64_t place() const { return at_; }

  /// The next message; empty where there is none, or not the whole of it.
  std::optional<std::string_view> next() {
    if (end_ - at_ < head || !read(head)) return std::nullopt;
    check(text(8), number_at<std::uint32_t>(buffer_, 8), at_);
    const auto size = number_at<std::uint64_t>(buffer_, 0);
    if (size > end_ - at_ - head || end_ - at_ - head - size < tail || !read(size + tail))
      return std::nullopt;
    check(text(size), number_at<std::uint32_t>(buffer_, size), at_ + head);
    at_ += head + size + tail;
    return text(size);
  }

 private:
  std::string_view text(std::size_t size) const {
    return std::string_view(buffer_).substr(0, size);
  }

  bool read(std::uint64_t size) {
    buffer_.resize(size);
    return in_.read(std::as_writable_bytes(std::span(buffer_))).size() == size;
  }

  void check(std::string_view part, std::uint32_t sum, std::uint64_t place) const {
    if (check_sum(part) != sum)
      throw UserError(fmt::format("{} is no event file of TensorBoard, or is damaged at byte {}",
                                  in_.path().string(), place));
  }

  InputFile in_;
  const std::uint64_t end_;
  std::uint64_t at_ = 0;
  std::string buffer_;
};

}  // namespace

std::string frame(std::string_view message) {
  std::string out;
  append(out, std::uint64_t{message.size()});
  append(out, check_sum(out));
  out += message;
  append(out, check_sum(message));
  return out;
}

std::uint64_t for_each_frame(const std::filesystem::path& file,
                             const std::function<void(std::string_view)>& use,
                             std::uint64_t bytes) {
  FrameReader frames(file, bytes);
  while (const auto message = frames.next()) use(*message);
  return frames.place();
}

}  // namespace runner
