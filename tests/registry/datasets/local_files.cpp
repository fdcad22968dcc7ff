#include "fixture.hpp"
#include "registry/datasets/digest.hpp"
#include "registry/transforms/scaling.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace runner::test {
namespace {

TEST_CASE("unpacked files are used where they are") {
  Sandbox sandbox;
  const Toy toy;
  toy.write_to(sandbox / "mine");
  const auto prepared = prepare(toy.archive, (sandbox / "mine").string(), sandbox.preparation());
  toy.require_content(prepared);
  CHECK(prepared.dataset == "toy");
  CHECK(prepared.source == (sandbox / "mine").string());
  CHECK(prepared.files.at("train-images") == sandbox / "mine/train-images-idx3-ubyte");
  CHECK(sandbox.warnings.empty());
}

TEST_CASE("gzipped files are unpacked once into the cache and give the same bytes") {
  Sandbox sandbox;
  const Toy toy;
  toy.pack_to(sandbox / "mine");
  const auto prepare_toy = [&] {
    return prepare(toy.archive, (sandbox / "mine").string(), sandbox.preparation());
  };
  const auto prepared = prepare_toy();
  toy.require_content(prepared);
  CHECK(prepared.source == (sandbox / "mine").string());
  CHECK(prepared.files.at("train-images") == sandbox.cache("train-images-idx3-ubyte"));
  const auto written = fs::last_write_time(sandbox.cache("train-images-idx3-ubyte"));
  CHECK(prepare_toy().files == prepared.files);
  CHECK(fs::last_write_time(sandbox.cache("train-images-idx3-ubyte")) == written);
  CHECK_FALSE(fs::exists(sandbox.cache("train-images-idx3-ubyte.tmp")));
}

TEST_CASE(
    "the recipe's root comes before RUNNER_DATA_DIR, and that before the system and the cache") {
  Sandbox sandbox;
  Toy toy;
  toy.archive.folders = {sandbox / "system"};
  for (const auto* const folder : {"root", "data/toy", "system", "cache/datasets/toy"})
    toy.write_to(sandbox / folder);
  sandbox.set("RUNNER_DATA_DIR", (sandbox / "data").string());
  const auto source = [&] {
    return fs::relative(
               prepare(toy.archive, (sandbox / "root").string(), sandbox.preparation()).source,
               sandbox / "")
        .string();
  };
  for (const auto* const expected : {"root", "data/toy", "system", "cache/datasets/toy"}) {
    CHECK(source() == expected);
    fs::remove_all(sandbox / expected);
  }
}

TEST_CASE("a root that lacks a file is warned of and passed over") {
  Sandbox sandbox;
  const Toy toy;
  toy.write_to(sandbox / "root");
  fs::remove(sandbox / "root/t10k-labels-idx1-ubyte");
  toy.write_to(sandbox / "data/toy");
  sandbox.set("RUNNER_DATA_DIR", (sandbox / "data").string());
  const auto root = (sandbox / "root").string();
  CHECK(prepare(toy.archive, root, sandbox.preparation()).source ==
        (sandbox / "data/toy").string());
  CHECK(
      sandbox.warnings ==
      std::vector{fmt::format("dataset.root {}: not all files are there: looking further", root)});
}

TEST_CASE("a root in the home folder may start with a tilde") {
  Sandbox sandbox;
  const Toy toy;
  toy.write_to(sandbox / "home/mine");
  sandbox.set("HOME", (sandbox / "home").string());
  CHECK(prepare(toy.archive, "~/mine", sandbox.preparation()).source ==
        (sandbox / "home/mine").string());
}

struct Wrong {
  Sandbox sandbox;
  Toy toy;
  fs::path root = sandbox / "root";

  std::string problem() {
    return error_of<DataError>([&] { prepare(toy.archive, root.string(), sandbox.preparation()); });
  }
};

TEST_CASE("a truncated gzip file is an error that names it") {
  Wrong wrong;
  wrong.toy.pack_to(wrong.root);
  const auto path = wrong.root / "train-images-idx3-ubyte.gz";
  for (const auto size : {100000, 30, 5}) {
    fs::resize_file(path, size);
    CHECK(wrong.problem() == path.string() + ": truncated gzip data");
  }
  CHECK_FALSE(fs::exists(wrong.sandbox.cache("train-images-idx3-ubyte")));
}

TEST_CASE("a corrupt gzip file is an error that says how") {
  Wrong wrong;
  wrong.toy.pack_to(wrong.root);
  const auto path = wrong.root / "train-images-idx3-ubyte.gz";
  auto bytes = read(path);
  bytes[bytes.size() - 8] ^= std::byte{1};
  write(path, bytes);
  CHECK(wrong.problem() == path.string() + ": corrupt gzip data (incorrect data check)");
}

TEST_CASE("a file called .gz that is not gzipped is an error") {
  Wrong wrong;
  wrong.toy.pack_to(wrong.root);
  const auto path = wrong.root / "train-labels-idx1-ubyte.gz";
  write(path, wrong.toy.content.at("train-labels-idx1-ubyte"));
  CHECK(wrong.problem() == path.string() + ": not gzip data");
  write(path, {});
  CHECK(wrong.problem() == path.string() + ": an empty file");
}

TEST_CASE("a gzip file that unpacks to too much is stopped in time") {
  Wrong wrong;
  wrong.toy.pack_to(wrong.root);
  const auto path = wrong.root / "train-labels-idx1-ubyte.gz";
  write_gzip(path, Bytes(50'000'000));
  CHECK(wrong.problem() == path.string() + ": unpacks to more than the expected 308 bytes");
  CHECK_FALSE(fs::exists(wrong.sandbox.cache("train-labels-idx1-ubyte")));
  CHECK_FALSE(fs::exists(wrong.sandbox.cache("train-labels-idx1-ubyte.tmp")));
}

TEST_CASE("well-formed data that is not the published data is an error, packed or not") {
  Wrong wrong;
  const auto other = make_idx({300}, 99);
  const auto expected = fmt::format(": not the published train-labels: sha256 {}; expected {}",
                                    sha256(other), wrong.toy.archive.files[1].sha256);
  wrong.toy.write_to(wrong.root);
  const auto path = wrong.root / "train-labels-idx1-ubyte";
  write(path, other);
  CHECK(wrong.problem() == path.string() + expected);
  fs::remove(path);
  write_gzip(path.string() + ".gz", other);
  CHECK(wrong.problem() == path.string() + ".gz" + expected);
}

TEST_CASE("a file that changes after it was checked is checked again") {
  Wrong wrong;
  wrong.toy.write_to(wrong.root);
  CHECK(wrong.problem() == "nothing was thrown");
  const auto path = wrong.root / "train-labels-idx1-ubyte";
  write(path, make_idx({300}, 99));
  CHECK(wrong.problem().starts_with(path.string() + ": not the published train-labels"));
}

TEST_CASE("loading gives images of one channel, labels and the normalisation") {
  Sandbox sandbox;
  const Toy toy;
  toy.pack_to(sandbox / "root");
  const auto prepared = prepare(toy.archive, (sandbox / "root").string(), sandbox.preparation());
  const auto dataset = load(toy.archive, prepared, 0.1, 0.2);
  CHECK(dataset.type.input()->shape == std::vector<std::int64_t>{1, 28, 28});
  CHECK(dataset.type.target()->count == 10);
  CHECK(train_of(dataset).inputs.shape == std::vector<std::int64_t>{300, 1, 28, 28});
  CHECK(train_of(dataset).targets.shape == std::vector<std::int64_t>{300});
  CHECK(eval_of(dataset).inputs.rows() == 40);
  CHECK(dataset.transforms == normalised(0.1, 0.2));
}

TEST_CASE("without a home there is no cache folder, and the error says so") {
  Sandbox sandbox;
  for (const auto* const variable : {"RUNNER_CACHE_DIR", "XDG_CACHE_HOME", "HOME"})
    sandbox.set(variable, std::nullopt);
  CHECK(error_of<DataError>([] { cache_folder(); }) ==
        "no cache folder: none of RUNNER_CACHE_DIR, XDG_CACHE_HOME and HOME is set");
  sandbox.set("HOME", "/home/ada");
  CHECK(cache_folder() == "/home/ada/.cache/runner");
  sandbox.set("XDG_CACHE_HOME", "/scratch");
  CHECK(cache_folder() == "/scratch/runner");
  sandbox.set("RUNNER_CACHE_DIR", "/fast/runner");
  CHECK(cache_folder() == "/fast/runner");
}

}  // namespace
}  // namespace runner::test
