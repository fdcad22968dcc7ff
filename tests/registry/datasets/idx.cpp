#include "registry/datasets/idx.hpp"

#include "fixture.hpp"

#include <algorithm>
#include <system_error>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace runner::test {
namespace {

struct Case {
  Sandbox sandbox;
  fs::path path = sandbox / "images";

  /// What map_idx says about `bytes` where 3 images of 2 x 2 are expected, without the path.
  std::string problem_of(const Bytes& bytes) {
    write(path, bytes);
    const auto text = error_of<DataError>([&] { map_idx(path, {3, 2, 2}); });
    REQUIRE(text.starts_with(path.string() + ": "));
    return text.substr(path.string().size() + 2);
  }
};

Bytes with(Bytes bytes, std::size_t position, int value) {
  bytes.at(position) = std::byte(value);
  return bytes;
}

TEST_CASE("an IDX file is mapped with its shape and its bytes") {
  Sandbox sandbox;
  const auto bytes = make_idx({3, 2, 2});
  write(sandbox / "images", bytes);
  const auto array = map_idx(sandbox / "images", {3, 2, 2});
  CHECK(array.dtype == DType::uint8);
  CHECK(array.shape == std::vector<std::int64_t>{3, 2, 2});
  CHECK(std::equal(bytes.begin() + 16, bytes.end(), array.data));
}

TEST_CASE("a mapped file outlives its deletion") {
  Sandbox sandbox;
  const auto bytes = make_idx({3, 2, 2});
  write(sandbox / "images", bytes);
  const auto array = map_idx(sandbox / "images", {3, 2, 2});
  fs::remove(sandbox / "images");
  CHECK(std::equal(bytes.begin() + 16, bytes.end(), array.data));
}

TEST_CASE("an IDX file cut anywhere is reported as truncated") {
  Case c;
  const auto whole = make_idx({3, 2, 2});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(c.problem_of(cut) == fmt::format("truncated: {} bytes; expected 28", size));
  }
}

TEST_CASE("bytes after the last element are reported") {
  Case c;
  auto bytes = make_idx({3, 2, 2});
  bytes.push_back({});
  CHECK(c.problem_of(bytes) == "trailing bytes: 29 bytes; expected 28");
}

TEST_CASE("a wrong magic number is reported with the one expected") {
  Case c;
  CHECK(c.problem_of(with(make_idx({3, 2, 2}), 0, 1)) ==
        "magic number 0x01000803; expected 0x00000803");
  CHECK(c.problem_of(with(make_idx({3, 2, 2}), 2, 0x0d)) ==
        "magic number 0x00000d03; expected 0x00000803");
  CHECK(c.problem_of(make_idx({12})) == "magic number 0x00000801; expected 0x00000803");
}

TEST_CASE("gzip data under an unpacked file's name is told what it needs") {
  Case c;
  write_gzip(c.path, make_idx({3, 2, 2}));
  CHECK(c.problem_of(read(c.path)) ==
        "magic number 0x1f8b0800: gzip data, whose name must end in .gz; expected 0x00000803");
}

TEST_CASE("a header that lies about sizes is believed by nobody") {
  Case c;
  const auto bytes = make_idx({3, 2, 2});
  CHECK(c.problem_of(with(bytes, 7, 4)) == "its header says 4 x 2 x 2; expected 3 x 2 x 2");
  CHECK(c.problem_of(with(bytes, 7, 0)) == "its header says 0 x 2 x 2; expected 3 x 2 x 2");
  auto huge = bytes;
  std::fill(huge.begin() + 4, huge.begin() + 16, std::byte{0xff});
  CHECK(c.problem_of(huge) ==
        "its header says 4294967295 x 4294967295 x 4294967295; expected 3 x 2 x 2");
}

TEST_CASE("what is no regular file is refused without waiting") {
  Sandbox sandbox;
  const auto folder = sandbox / "";
  CHECK(error_of<std::system_error>([&] { map_idx(folder, {3}); }) ==
        folder.string() + ": Is a directory");
  CHECK(error_of<std::system_error>([&] { map_idx(sandbox / "none", {3}); }) ==
        (sandbox / "none").string() + ": No such file or directory");
}

}  // namespace
}  // namespace runner::test
