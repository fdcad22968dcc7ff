#include "fixture.hpp"
#include "registry/data/npy.hpp"
#include "registry/data/npz.hpp"
#include "registry/datasets/table.hpp"
#include "registry/datasets/tensors.hpp"
#include "registry/datasets/text.hpp"
#include "registry/transforms/scaling.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include <doctest/doctest.h>
#include <minizip/zip.h>

namespace runner::test {
namespace {

void write_text(const fs::path& path, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  write(path, {bytes.begin(), bytes.end()});
}

/// A .npy file of version 1, as numpy writes it.
template <class T>
std::string npy(const std::string& type, const std::string& shape, const std::vector<T>& numbers,
                const std::string& fortran = "False") {
  auto header =
      "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
  header.resize((header.size() + 1 + 10 + 63) / 64 * 64 - 10 - 1, ' ');
  header += '\n';
  std::string file = "\x93NUMPY";
  file +=
      {'\1', '\0', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  file += header;
  file.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T));
  return file;
}

template <class T>
std::vector<T> numbers_in(const Array& array) {
  std::vector<T> out(static_cast<std::size_t>(elements_of(array.shape)));
  std::memcpy(out.data(), array.data, out.size() * sizeof(T));
  return out;
}

Array read_npy_text(const std::string& file) {
  const auto owner = std::make_shared<std::string>(file);
  return read_npy(std::as_bytes(std::span(*owner)), owner, "x.npy");
}

std::string npy_error(const std::string& file) {
  return error_of<DataError>([&] { read_npy_text(file); });
}

/// A .npz file: arrays by name, the second of each packed.
void write_npz(const fs::path& path,
               const std::vector<std::pair<std::string, std::string>>& files) {
  auto* const zip = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  bool packs = false;
  for (const auto& [name, content] : files) {
    const zip_fileinfo info{};
    zipOpenNewFileInZip64(zip, (name + ".npy").c_str(), &info, nullptr, 0, nullptr, 0, nullptr,
                          packs ? Z_DEFLATED : 0, Z_DEFAULT_COMPRESSION, 0);
    zipWriteInFileInZip(zip, content.data(), static_cast<unsigned>(content.size()));
    zipCloseFileInZip(zip);
    packs = !packs;
  }
  zipClose(zip, nullptr);
}

Tensors tensors_in(const fs::path& file) {
  Tensors options;
  options.file = file.string();
  options.inputs = "x";
  options.targets = "y";
  return options;
}

const std::vector<float> twelve{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

}  // namespace

TEST_CASE("a .npy file of row-major little-endian numbers is read in place") {
  const auto owner = std::make_shared<std::string>(npy<float>("<f4", "(4, 3)", twelve));
  const auto array = read_npy(std::as_bytes(std::span(*owner)), owner, "x.npy");
  CHECK(array.dtype == DType::float32);
  CHECK(array.shape == std::vector<std::int64_t>{4, 3});
  const auto* const begin = reinterpret_cast<const std::byte*>(owner->data());
  CHECK((begin < array.data && array.data < begin + owner->size()));
  CHECK(numbers_in<float>(array) == twelve);
  CHECK(read_npy_text(npy<float>("<f4", "()", {5})).shape.empty());
  CHECK(read_npy_text(npy<char>("|b1", "(3,)", {1, 0, 1})).dtype == DType::boolean);
}

TEST_CASE("a .npy file of Fortran's order or of the other byte order is read all the same") {
  // Columns of [[0, 1, 2], [3, 4, 5], ...]
  const auto turned = npy<float>("<f4", "(4, 3)", {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}, "True");
  CHECK(numbers_in<float>(read_npy_text(turned)) == twelve);
  const auto swapped = npy<std::uint16_t>(">i2", "(2, 2)", {0x0100, 0x0200, 0x0300, 0xfeff});
  CHECK(numbers_in<std::int16_t>(read_npy_text(swapped)) == std::vector<std::int16_t>{1, 2, 3, -2});
  const auto both = npy<std::uint16_t>(">i2", "(2, 2)", {0x0100, 0x0300, 0x0200, 0xfeff}, "True");
  CHECK(numbers_in<std::int16_t>(read_npy_text(both)) == std::vector<std::int16_t>{1, 2, 3, -2});
}

TEST_CASE("a .npy file that is none, or of other things than numbers, is refused in words") {
  CHECK(npy_error("hello, this is text") == "x.npy: not a .npy file");
  CHECK(npy_error("") == "x.npy: not a .npy file");
  CHECK(npy_error(npy<float>("<f4", "(4, 4)", twelve)) ==
        "x.npy: 48 bytes of numbers are there, fewer than its shape wants");
  CHECK(npy_error(npy<float>("<f4", "(9223372036854775807, 4)", twelve)) ==
        "x.npy: 48 bytes of numbers are there, fewer than its shape wants");
  CHECK(npy_error(npy<float>("<f4", "(-4, -3)", twelve)) ==
        "x.npy: 48 bytes of numbers are there, fewer than its shape wants");
  CHECK(npy_error(npy<float>("<c8", "(4,)", twelve)) ==
        "x.npy: its elements are <c8; expected numbers of 1 to 8 bytes");
}

TEST_CASE("a .npz file gives its arrays, stored in place and packed unpacked") {
  Sandbox sandbox;
  const auto path = sandbox / "data.npz";
  write_npz(path, {{"a", npy<float>("<f4", "(4, 3)", twelve)},
                   {"b", npy<std::int64_t>("<i8", "(2,)", {7, -9})}});
  const NpzFile file(path);
  CHECK(file.names() == std::vector<std::string>{"a", "b"});
  CHECK(numbers_in<float>(file.array("a")) == twelve);
  CHECK(numbers_in<std::int64_t>(file.array("b")) == std::vector<std::int64_t>{7, -9});
  write_text(path, "no zip at all");
  CHECK(error_of<DataError>([&] { NpzFile damaged(path); }) ==
        path.string() + ": not a zip file, as .npz files are");
}

TEST_CASE("tensors tells what arrays hold, and gives each row to one split") {
  Sandbox sandbox;
  const auto path = sandbox / "data.npz";
  std::vector<float> inputs(30);
  for (std::size_t i = 0; i < 30; ++i) inputs[i] = static_cast<float>(i);
  write_npz(path, {{"x", npy<float>("<f4", "(10, 3)", inputs)},
                   {"y", npy<std::int32_t>("<i4", "(10,)", {0, 1, 2, 0, 1, 2, 0, 1, 2, -100})}});
  auto options = tensors_in(path);
  options.split.holdout = {0.25, 0.1};
  const auto type = sample_type(options);
  CHECK(*type.input() == FieldType{"features", Meaning::features, DType::float32, {3}});
  CHECK(*type.target() == FieldType{"class", Meaning::classes, DType::int32, {}, 3, {}, true});
  CHECK(type.splits ==
        std::vector<SplitSize>{{"train", 6}, {"validation", 3}, {"test", 1}});  // rounded up
  const auto dataset = load(options, prepare(options, {}));
  std::vector<float> seen;
  for (const auto& split : dataset.splits)
    for (std::int64_t row = 0; row < split.source->size(); ++row) {
      std::array<float, 3> read{};
      split.source->read(0, {&row, 1}, reinterpret_cast<std::byte*>(read.data()), sizeof read);
      CHECK(read[2] == read[0] + 2);
      seen.push_back(read[0] / 3);
    }
  std::ranges::sort(seen);
  CHECK(seen == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("what does not fit in arrays of one's own is told with their names") {
  Sandbox sandbox;
  const auto path = sandbox / "data.npz";
  write_npz(path, {{"x", npy<float>("<f4", "(4, 3)", twelve)},
                   {"y", npy<std::int64_t>("<i8", "(4,)", {0, 1, -1, 5})},
                   {"z", npy<std::int64_t>("<i8", "(3,)", {0, 1, 1})},
                   {"one", npy<float>("<f4", "()", {5})}});
  const auto error = [](const Tensors& options) {
    return error_of<DataError>([&] { sample_type(options); });
  };
  auto options = tensors_in(path);
  CHECK(error(options) ==
        "tensors: y has classes from -1 to 5; expected 0 to 5, or -100 for what is not counted");
  options.targets = "labels";
  CHECK(error(options) == "tensors: data.npz has no array 'labels'; expected one of x, y, z, one");
  options.targets = "z";
  CHECK(error(options) == "tensors: there are 4 samples of x and 3 of z");
  options.targets = "one";
  CHECK(error(options) == "tensors: one is a single number");
  options = tensors_in(path);
  options.targets = "x";
  options.vocabulary = 300;
  CHECK(error(options) == "tensors: x are float32, and tokens are whole numbers");
  options = tensors_in(path);
  options.inputs = "y";
  options.vocabulary = 4;
  CHECK(error(options) == "tensors: y has tokens from -1 to 5; expected 0 to 3, below vocabulary");
  options = tensors_in(sandbox / "none.npz");
  CHECK(error_of<DataUnavailable>([&] { sample_type(options); }) ==
        "tensors: " + (sandbox / "none.npz").string() + ": no such file");
}

TEST_CASE("numbers of arrays can be normalised each for itself, and for as many as there are") {
  Sandbox sandbox;
  const auto path = sandbox / "data.npz";
  write_npz(path, {{"x", npy<float>("<f4", "(4, 3)", twelve)},
                   {"y", npy<float>("<f4", "(4,)", {0.5, 1, -1, 5})}});
  auto options = tensors_in(path);
  options.transforms.list = {{{"name", "normalise"}, {"mean", {1, 2, 3}}, {"std", {2}}}};
  const auto type = sample_type(options);
  CHECK(*type.target() == FieldType{"numbers", Meaning::numbers, DType::float32, {1}});
  CHECK(scaling_of(*type.input(), options.transforms.list) ==
        Scaling{{0.5, 0.5, 0.5}, {0.5, 1, 1.5}});
  options.transforms.list[0]["mean"] = {1, 2};
  CHECK(error_of<DataError>([&] { sample_type(options); }) ==
        "tensors: transforms: it has numbers for 2 features, but the data are 3 features");
}

TEST_CASE("a table's columns are numbers, and its target a class by name or a number") {
  Sandbox sandbox;
  const auto path = sandbox / "wine.csv";
  write_text(path,
             "\xEF\xBB\xBF"
             "alcohol,ash,quality\r\n13.5,2.1,good\r\n\r\n12,\"1.5\",bad\r\n"
             "11.25,3e1,good\r\n12.5,2,bad");
  Table options;
  options.file = path.string();
  options.target = "quality";
  options.split.holdout.validation = 0.25;
  const auto type = sample_type(options);
  CHECK(*type.input() ==
        FieldType{"features", Meaning::features, DType::float32, {2}, 0, {"alcohol", "ash"}});
  CHECK(*type.target() ==
        FieldType{"class", Meaning::classes, DType::int64, {}, 2, {"bad", "good"}});
  CHECK(type.splits == std::vector<SplitSize>{{"train", 3}, {"eval", 1}});
  const auto dataset = load(options, prepare(options, {}));
  std::vector<std::pair<float, std::int64_t>> rows;
  for (const std::size_t split : {0U, 1U}) {
    const auto [inputs, targets] = arrays_of(dataset, split);
    const auto numbers = numbers_in<float>(inputs);
    const auto classes = numbers_in<std::int64_t>(targets);
    for (std::size_t i = 0; i < classes.size(); ++i) rows.emplace_back(numbers[2 * i], classes[i]);
  }
  std::ranges::sort(rows);
  CHECK(rows ==
        std::vector<std::pair<float, std::int64_t>>{{11.25F, 1}, {12, 0}, {12.5F, 0}, {13.5F, 1}});
  options.target = "alcohol";
  CHECK(error_of<DataError>([&] { sample_type(options); }) ==
        "table: " + path.string() + ":2: quality is 'good'; expected a number");
}

TEST_CASE("a table's target that is whole numbers is a number unless it is called a class") {
  Sandbox sandbox;
  const auto path = sandbox / "t.csv";
  write_text(path, "x,y\n1,10\n2,9\n3,9\n4,-1\n");
  Table options;
  options.file = path.string();
  options.target = "y";
  CHECK(sample_type(options).target()->meaning == Meaning::numbers);
  options.target_type = "class";
  CHECK(sample_type(options).target()->names == std::vector<std::string>{"-1", "9", "10"});
}

TEST_CASE("what is wrong in a table is told with its line") {
  Sandbox sandbox;
  const auto path = sandbox / "t.csv";
  const auto error = [&](const std::string& text, const std::string& target = "y") {
    write_text(path, text);
    Table options;
    options.file = path.string();
    options.target = target;
    options.target_type = "number";
    auto message = error_of<DataError>([&] { sample_type(options); });
    const auto begin = "table: " + path.string();
    return message.starts_with(begin) ? message.substr(begin.size()) : message;
  };
  CHECK(error("x,y\n1,2\n3,\n") == ":3: y is empty; it is to be told");
  CHECK(error("x,y\n1,2\n,4\n") == ":3: x is empty; expected a number");
  CHECK(error("x,y\n1,2\n\n3,4,5\n") == ":4: 3 cells, but there are 2 columns");
  CHECK(error("x,y\n1,2\nnan,4\n") == ":3: x is 'nan'; expected a number");
  CHECK(error("x,x,y\n1,2,3\n") == ":1: two columns are called 'x'");
  CHECK(error("x,y\n1,2\n", "z") == ":1: no column is called 'z'; expected one of x, y");
  CHECK(error("y\n1\n") == ":1: there is no column besides the target");
  CHECK(error("") == ":0: the file is empty");
  CHECK(error("x,y\n1,a\n2,b\n") == "table: y is 'a'; expected a number (target_type)");
  CHECK(error("x,y\n1,2\n") == "table: of 1 sample, none is left to train on");
}

TEST_CASE("what was seen of a file is looked at again when its content has changed") {
  Sandbox sandbox;
  const auto path = sandbox / "t.csv";
  Table options;
  options.file = path.string();
  options.target = "y";
  write_text(path, "x,y\n1,a\n2,b\n3,a\n");
  CHECK(sample_type(options).outputs() == 2);
  write_text(path, "x,y\n1,a\n2,b\n3,c\n");
  CHECK(sample_type(options).outputs() == 3);
  CHECK(fs::exists(sandbox / "cache/looks"));
}

TEST_CASE("a file that is another than the one that was prepared is refused") {
  Sandbox sandbox;
  const auto path = sandbox / "t.csv";
  Table options;
  options.file = path.string();
  options.target = "y";
  write_text(path, "x,y\n1,a\n2,b\n3,a\n");
  const auto prepared = prepare(options, {});
  write_text(path, "x,y\n1,a\n2,b\n3,a\n4,a\n");
  CHECK(error_of<DataError>([&] { load(options, prepared); }) ==
        "table: " + path.string() + " has changed since the run began");
}

TEST_CASE("text is windows of bytes, and each byte's target is the one behind it") {
  Sandbox sandbox;
  write_text(sandbox / "a.txt", "abcdefghij");  // two windows of 4, and a rest
  write_text(sandbox / "b.txt", "ABCDE");       // one window
  write_text(sandbox / "c.txt", "xyz");         // none
  Text options;
  options.files = {(sandbox / "a.txt").string(), (sandbox / "c.txt").string(),
                   (sandbox / "b.txt").string()};
  options.length = 4;
  const auto type = sample_type(options);
  CHECK(*type.input() == FieldType{"tokens", Meaning::tokens, DType::uint8, {4}, 256});
  CHECK(*type.target() == FieldType{"next", Meaning::classes, DType::uint8, {4}, 256});
  CHECK(type.splits == std::vector<SplitSize>{{"train", 2}, {"eval", 1}});
  const auto dataset = load(options, prepare(options, {}));
  const auto window = [&](std::size_t split, std::size_t field, std::int64_t row) {
    std::string text(4, ' ');
    dataset.splits[split].source->read(field, {&row, 1}, reinterpret_cast<std::byte*>(text.data()),
                                       4);
    return text;
  };
  CHECK(window(0, 0, 0) == "abcd");
  CHECK(window(0, 1, 0) == "bcde");
  CHECK(window(0, 0, 1) == "efgh");
  CHECK(window(1, 0, 0) == "ABCD");
  CHECK(window(1, 1, 0) == "BCDE");
  options.files = {(sandbox / "c.txt").string()};
  CHECK(error_of<DataError>([&] { sample_type(options); }) ==
        "text: no file of these 3 bytes is longer than length, 4");
}

}  // namespace runner::test
