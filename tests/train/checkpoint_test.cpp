#include "runner/checkpoint/snapshot.hpp"
#include "runner/train/weights_reader.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/reference/reference.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;
using reference::scatter;

TEST_CASE("tensors of every type come back from a safetensors file as they were") {
  const TemporaryFolder folder;
  NamedTensors tensors;
  for (const auto type : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong, at::kInt,
                          at::kChar, at::kByte, at::kBool})
    tensors.emplace_back(c10::toString(type), (100 * scatter({3, 5}, 1)).abs().to(type));
  tensors.emplace_back("scalar", at::scalar_tensor(7.5));
  tensors.emplace_back("empty", at::empty({0, 4}));
  tensors.emplace_back("transposed", scatter({3, 4}, 2).t());
  const auto written = write_safetensors(folder.path() / "all.safetensors", tensors, {{"a", "b"}});
  CHECK(written.bytes ==
        static_cast<std::int64_t>(std::filesystem::file_size(folder.path() / "all.safetensors")));
  const SafetensorsFile file(folder.path() / "all.safetensors");
  CHECK(file.metadata().at("a") == "b");
  CHECK(file.names().size() == tensors.size());
  for (const auto& [name, tensor] : tensors) CHECK(file.tensor(name).equal(tensor.contiguous()));
}

TEST_CASE("a file that is cut short or is something else is refused") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  write_safetensors(path, {{"weight", scatter({30}, 1)}}, {});
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  CHECK(error_of<std::runtime_error>([&] { SafetensorsFile file(path); }) ==
        path.string() +
            ": the tensor weight lies at the impossible place [0,240] of 239 bytes of data");
  std::ofstream(path) << "this is no such file at all";
  CHECK(error_of<std::runtime_error>([&] { SafetensorsFile file(path); }) ==
        path.string() + " is no safetensors file");
}

TEST_CASE("a tensor that cannot be is told of by its name, with what is impossible about it") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  const auto refusal = [&](std::string header) {
    const std::uint64_t length = header.size();
    header.insert(0, reinterpret_cast<const char*>(&length), sizeof length);
    std::ofstream(path, std::ios::binary) << header << std::string(8, '\0');
    const auto text = error_of<std::runtime_error>([&] { SafetensorsFile file(path); });
    return text.substr(path.string().size());
  };
  const auto of = [](const char* shape, const char* offsets) {
    return fmt::format(R"({{"w":{{"dtype":"F32","shape":{},"data_offsets":{}}}}})", shape, offsets);
  };
  const std::string shape = ": the tensor w has the impossible shape ";
  CHECK(refusal(of("[-1,-2]", "[0,8]")) == shape + "[-1,-2]");
  CHECK(refusal(of("[1.5]", "[0,8]")) == shape + "[1.5]");
  CHECK(refusal(of("[18446744073709551615]", "[0,8]")) == shape + "[18446744073709551615]");
  CHECK(refusal(of("[0,18446744073709551615]", "[0,0]")) == shape + "[0,18446744073709551615]");
  CHECK(refusal(of("[4294967296,4294967296]", "[0,0]")) == shape + "[4294967296,4294967296]");
  const std::string place = ": the tensor w lies at the impossible place ";
  CHECK(refusal(of("[2]", "[-8,0]")) == place + "[-8,0] of 8 bytes of data");
  CHECK(refusal(of("[2]", "[8,0]")) == place + "[8,0] of 8 bytes of data");
  CHECK(refusal(of("[2]", "[8,16]")) == place + "[8,16] of 8 bytes of data");
  CHECK(refusal(of("[2]", "[0,4,8]")) == place + "[0,4,8] of 8 bytes of data");
  CHECK(refusal(of("[3]", "[0,8]")) ==
        ": the tensor w has 8 bytes, which its shape [3] of F32 does not fit");
  CHECK(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                R"("b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}})") ==
        ": the tensor b overlaps a");
  CHECK(refusal(R"({"w":{"dtype":"F32","shape":7}})") == " is no safetensors file");
}

TEST_CASE("a tensor of an unknown type is in nobody's way until it is asked for") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  std::string header =
      R"({"__metadata__":null,"scale":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},)"
      R"("weight":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
  const std::uint64_t length = header.size();
  header.insert(0, reinterpret_cast<const char*>(&length), sizeof length);
  std::ofstream(path, std::ios::binary) << header << std::string(8, '\0');
  const SafetensorsFile file(path);
  CHECK(file.metadata().empty());
  CHECK(file.tensor("weight").equal(at::zeros({1})));
  CHECK(error_of<std::runtime_error>([&] { file.tensor("scale"); }) ==
        path.string() + ": scale has the unknown type F8_E4M3");
}

TEST_CASE("weights are taken from a file beside tensors of unknown types, which are told of") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  std::string header = R"({"scale":{"dtype":"C64","shape":[1],"data_offsets":[0,8]},)"
                       R"("weight":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})";
  const std::uint64_t length = header.size();
  header.insert(0, reinterpret_cast<const char*>(&length), sizeof length);
  std::ofstream(path, std::ios::binary) << header << std::string(12, '\0');
  auto scale = at::ones({1}), weight = at::ones({1});
  InitFrom options;
  const auto read = [&] {
    WeightsReader reader(path, options);
    reader.tensor("scale", scale);
    reader.tensor("weight", weight);
    reader.refuse_leftovers();
  };
  CHECK(error_of<std::invalid_argument>(read) ==
        "the weights in " + path.string() +
            " do not fit the model: scale has the type C64 there, which is not read "
            "(init_from.strict=false takes what fits, init_from.rename changes names)");
  weight.fill_(1);
  options.strict = false;
  read();
  CHECK(weight.equal(at::zeros({1})));
  CHECK(scale.equal(at::ones({1})));
}

TEST_CASE("what was collected is restored in place, undefined tensors with it") {
  const TemporaryFolder folder;
  auto weight = scatter({2, 3}, 1), momentum = at::Tensor(), later = scatter({4}, 3);
  std::int64_t steps = 7;
  Collector collector("optimizer");
  collector.tensor("weight", weight);
  collector.tensor("momentum", momentum);
  collector.tensor("later", later);
  collector.value("steps", steps);
  const auto file = collector.take();
  weight.zero_();  // the snapshot is a copy
  write(file, folder.path());

  Restorer restorer(folder.path(), "optimizer");
  auto weight_again = at::zeros({2, 3}, at::kDouble), momentum_again = at::Tensor(),
       later_again = at::Tensor();
  const auto* address = weight_again.data_ptr();
  steps = 0;
  restorer.tensor("weight", weight_again);
  restorer.tensor("momentum", momentum_again);
  restorer.tensor("later", later_again);
  restorer.value("steps", steps);
  CHECK(weight_again.equal(scatter({2, 3}, 1)));
  CHECK(weight_again.data_ptr() == address);
  CHECK_FALSE(momentum_again.defined());
  CHECK(later_again.equal(scatter({4}, 3)));
  CHECK(steps == 7);
  auto missing = at::zeros({2}), longer = at::zeros({5}, at::kDouble);
  CHECK(error_of<std::runtime_error>([&] { restorer.tensor("other", missing); }) ==
        "the checkpoint " + folder.path().string() + " has no other");
  CHECK(error_of<std::runtime_error>([&] { restorer.tensor("later", longer); }) ==
        "later is [4] in the checkpoint " + folder.path().string() + ", and [5] here");
}
