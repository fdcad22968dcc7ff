#include "registry/datasets/idx.hpp"

#include "fixture.hpp"
#include "registry/datasets/digest.hpp"
#include "registry/datasets/mapped_file.hpp"
#include "registry/datasets/stamps.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

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
  CHECK(error_of<std::runtime_error>([&] { map_idx(folder, {3}); }) ==
        folder.string() + ": it is a folder; expected a file");
  const auto pipe = sandbox / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(error_of<std::runtime_error>([&] { map_idx(pipe, {3}); }) ==
        pipe.string() + ": it is a named pipe; expected a file");
  CHECK(error_of<std::runtime_error>([&] { map_idx("/dev/zero", {3}); }) ==
        "/dev/zero: it is a device; expected a file");
  CHECK(error_of<std::system_error>([&] { map_idx(sandbox / "none", {3}); }) ==
        (sandbox / "none").string() + ": No such file or directory");
}

TEST_CASE("a file that is truncated while it is mapped reads as zeros, and is named by the check") {
  Sandbox sandbox;
  const auto file = sandbox / "data";
  write(file, Bytes(20000, std::byte{7}));
  const auto mapped = map_file(file);
  mapped.check();
  check_mapped_files();
  fs::resize_file(file, 5000);
  CHECK(mapped.bytes[4999] == std::byte{7});
  CHECK(mapped.bytes[12000] == std::byte{0});
  CHECK(mapped.bytes[19999] == std::byte{0});
  const auto expected =
      file.string() + " was truncated while it was read: from 20000 to 5000 bytes";
  CHECK(error_of<std::runtime_error>([&] { mapped.check(); }) == expected);
  CHECK(error_of<std::runtime_error>([] { check_mapped_files(); }) == expected);
  fs::remove(file);
  CHECK(error_of<std::runtime_error>([&] { mapped.check(); }) ==
        file.string() + " could not be read: it was truncated, or its disk has failed");
}

TEST_CASE(
    "a file that is written to while it is mapped is named by the check; replacing it is "
    "harmless") {
  Sandbox sandbox;
  const auto file = sandbox / "data";
  write(file, Bytes(20000, std::byte{7}));
  const auto mapped = map_file(file);
  write(sandbox / "other", Bytes(10000, std::byte{8}));
  {
    const auto replaced = map_file(file);
    fs::rename(sandbox / "other", file);
    replaced.check();
    CHECK(replaced.bytes[12000] == std::byte{7});
  }
  const auto now = map_file(file);
  write(file, Bytes(10001, std::byte{9}));
  CHECK(error_of<std::runtime_error>([&] { now.check(); }) ==
        file.string() + " was written to while it was read");
  mapped.check();
}

TEST_CASE("a digest of content is of all of a file, or of samples of one that is large") {
  Sandbox sandbox;
  const auto file = sandbox / "data";
  Bytes bytes(200000, std::byte{7});
  write(file, bytes);
  const auto whole = content_digest(file);
  CHECK(whole.starts_with("xxh3-128:"));
  CHECK_FALSE(is_sampled(whole));
  const auto sampled = content_digest(file, 1000);
  CHECK(sampled.starts_with("xxh3-128-sampled:"));
  CHECK(is_sampled(sampled));
  bytes.back() = std::byte{8};
  write(file, bytes);
  CHECK(content_digest(file) != whole);
  CHECK(content_digest(file, 1000) != sampled);
  bytes.back() = std::byte{7};
  write(file, bytes);
  CHECK(content_digest(file) == whole);
  CHECK(content_digest(file, 1000) == sampled);
  bytes.push_back(std::byte{7});
  write(file, bytes);
  CHECK(content_digest(file, 1000) != sampled);
}

TEST_CASE("a file whose size, time and inode are unchanged is not read again for its digest") {
  Sandbox sandbox;
  const auto file = sandbox / "weights";
  write(file, Bytes(1000, std::byte{7}));
  const auto digest = known_content_digest(file);
  CHECK(digest == content_digest(file));
  const auto time = fs::last_write_time(file);
  write(file, Bytes(1000, std::byte{8}));
  fs::last_write_time(file, time);
  CHECK(known_content_digest(file) == digest);
  fs::last_write_time(file, time + std::chrono::seconds(1));
  CHECK(known_content_digest(file) == content_digest(file));
  CHECK(known_content_digest(file) != digest);
}

TEST_CASE("data that are written to after they were checked are not used") {
  Sandbox sandbox;
  Toy toy;
  toy.write_to(sandbox / "toy");
  auto prepared = prepare(toy.archive, (sandbox / "toy").string(), sandbox.preparation());
  CHECK(is_as_prepared(prepared));
  load(toy.archive, prepared, 0.1, 0.2);
  const auto& labels = prepared.files.at("train-labels");
  auto bytes = read(labels);
  bytes.back() ^= std::byte{1};
  write(labels, bytes);
  // Where the clock of the file system is coarse.
  fs::last_write_time(labels, fs::last_write_time(labels) + std::chrono::seconds(1));
  CHECK_FALSE(is_as_prepared(prepared));
  CHECK(error_of<DataError>([&] { load(toy.archive, prepared, 0.1, 0.2); }) ==
        labels.string() + " has been written to since it was checked");
}

}  // namespace
}  // namespace runner::test
