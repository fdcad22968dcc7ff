#include "runner/exchange/event_file.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/input_file.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
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

}  // namespace

std::string frame(std::string_view message) {
  std::string out;
  append(out, std::uint64_t{message.size()});
  append(out, check_sum(out));
  out += message;
  append(out, check_sum(message));
  return out;
}

void for_each_frame(const std::filesystem::path& file,
                    const std::function<void(std::string_view)>& use) {
  InputFile in(file);
  std::size_t at = 0;
  std::string bytes;
  // False where the file ends: its writer has come so far.
  const auto read = [&](std::uint64_t size) {
    if (size > in.size() - std::min(at, in.size())) return false;
    bytes.resize(size);
    return in.read(std::as_writable_bytes(std::span(bytes))).size() == size;
  };
  const auto check = [&](std::string_view part) {
    if (check_sum(part) == number_at<std::uint32_t>(bytes, part.size())) return;
    throw UserError(fmt::format("{} is no event file of TensorBoard, or is damaged at byte {}",
                                file.string(), at));
  };
  while (read(head)) {
    const std::string_view length(bytes.data(), sizeof(std::uint64_t));
    check(length);
    const auto size = number_at<std::uint64_t>(length, 0);
    at += head;
    if (size > in.size() || !read(size + tail)) return;
    const std::string_view message(bytes.data(), size);
    check(message);
    use(message);
    at += size + tail;
  }
}

}  // namespace runner
