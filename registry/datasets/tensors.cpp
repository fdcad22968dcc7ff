#include "registry/datasets/tensors.hpp"

#include "registry/counted.hpp"
#include "registry/data/npy.hpp"
#include "registry/data/npz.hpp"
#include "registry/data/safetensors_index.hpp"
#include "registry/datasets/looks.hpp"
#include "registry/datasets/mapped_file.hpp"
#include "registry/description.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view dataset_name = "tensors";

[[noreturn]] void refuse(const std::string& what) {
  throw DataError(fmt::format("{}: {}", dataset_name, what));
}

Array named_array(const fs::path& file, const std::string& wanted,
                  const std::vector<std::string>& names, const auto& read) {
  if (std::ranges::find(names, wanted) == names.end())
    refuse(fmt::format("{} has no array '{}'; expected one of {}", file.filename().string(), wanted,
                       fmt::join(names, ", ")));
  return read(wanted);
}

Array read_safetensors_array(const fs::path& file, const std::string& wanted) {
  const auto mapped = map_file(file);
  const auto header = read_safetensors_index(mapped.bytes, file.string());
  std::vector<std::string> names;
  for (const auto& [name, entry] : header.entries) names.push_back(name);
  return named_array(file, wanted, names, [&](const std::string& name) {
    const auto& entry = header.entries.at(name);
    if (!entry.type)
      refuse(fmt::format("the tensor {} has the type {}, which is not known here", name,
                         entry.type_name));
    return Array{*entry.type, entry.shape, mapped.bytes.data() + header.data_begin + entry.begin,
                 mapped.owner};
  });
}

Array read_array(const Prepared& files, const std::string& role, const std::string& name) {
  if (const auto own = files.files.find(role); own != files.files.end()) {
    const auto mapped = map_file(own->second);
    return read_npy(mapped.bytes, mapped.owner, own->second.string());
  }
  const auto& file = files.files.at("file");
  if (file.extension() == ".safetensors") return read_safetensors_array(file, name);
  const NpzFile npz(file);
  return named_array(file, name, npz.names(),
                     [&](const auto& wanted) { return npz.array(wanted); });
}

struct Arrays {
  Array inputs, targets;
};

Arrays read_arrays(const Tensors& options, const Prepared& files) try {
  Arrays arrays{read_array(files, "inputs", options.inputs),
                read_array(files, "targets", options.targets)};
  for (const auto& [name, array] :
       {std::pair{&options.inputs, &arrays.inputs}, {&options.targets, &arrays.targets}})
    if (array->shape.empty()) refuse(fmt::format("{} is a single number", *name));
  if (arrays.inputs.rows() != arrays.targets.rows())
    refuse(fmt::format("there are {} of {} and {} of {}", counted(arrays.inputs.rows(), "sample"),
                       options.inputs, arrays.targets.rows(), options.targets));
  return arrays;
} catch (const DataError&) {
  throw;
} catch (const std::exception& error) {
  refuse(error.what());
}

std::int64_t whole_number(const Array& array, std::int64_t i) {
  const auto read = [&]<class T>(T value) {
    std::memcpy(&value, array.data + static_cast<std::size_t>(i) * sizeof value, sizeof value);
    return static_cast<std::int64_t>(value);
  };
  switch (array.dtype) {
    case DType::boolean:
    case DType::uint8:
      return read(std::uint8_t{});
    case DType::int8:
      return read(std::int8_t{});
    case DType::int16:
      return read(std::int16_t{});
    case DType::int32:
      return read(std::int32_t{});
    default:
      return read(std::int64_t{});
  }
}

struct WholeNumbers {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t largest = std::numeric_limits<std::int64_t>::min();
  bool ignores = false;
};

/// Of all numbers but `ignored_class`.
WholeNumbers range_of(const Array& array) {
  WholeNumbers found;
  const auto count = elements_of(array.shape);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto value = whole_number(array, i);
    if (value == ignored_class) {
      found.ignores = true;
      continue;
    }
    found.least = std::min(found.least, value);
    found.largest = std::max(found.largest, value);
  }
  return found;
}

std::vector<std::int64_t> row_shape(const Array& array) {
  return {array.shape.begin() + 1, array.shape.end()};
}

/// What the model is given.
FieldType input_type(const Tensors& options, const Array& inputs) {
  const auto shape = row_shape(inputs);
  if (!options.vocabulary) {
    const bool is_image = shape.size() == 3;
    return {is_image ? "image" : "features", is_image ? Meaning::image : Meaning::features,
            inputs.dtype, shape};
  }
  if (is_floating_point(inputs.dtype))
    refuse(fmt::format("{} are {}, and tokens are whole numbers", options.inputs,
                       name_of(inputs.dtype)));
  const auto found = range_of(inputs);
  if (found.ignores || found.least < 0 || found.largest >= *options.vocabulary)
    refuse(fmt::format("{} has tokens from {} to {}; expected 0 to {}, below vocabulary",
                       options.inputs, found.ignores ? ignored_class : found.least, found.largest,
                       *options.vocabulary - 1));
  return {"tokens", Meaning::tokens, inputs.dtype, shape, *options.vocabulary};
}

FieldType target_type(const Tensors& options, const Array& targets) {
  auto shape = row_shape(targets);
  if (is_floating_point(targets.dtype)) {
    if (shape.empty()) shape = {1};
    return {"numbers", Meaning::numbers, targets.dtype, shape};
  }
  const auto found = range_of(targets);
  if (found.largest < found.least) refuse(fmt::format("{} has no class", options.targets));
  const auto count = options.classes.value_or(found.largest + 1);
  if (found.least < 0 || found.largest >= count)
    refuse(
        fmt::format("{} has classes from {} to {}; expected 0 to {}, or {} for what is not "
                    "counted",
                    options.targets, found.least, found.largest, count - 1, ignored_class));
  return {"class", Meaning::classes, targets.dtype, shape, count, {}, found.ignores};
}

SampleType look(const Tensors& options, const Prepared& files) {
  const auto arrays = read_arrays(options, files);
  return {{input_type(options, arrays.inputs), target_type(options, arrays.targets)},
          options.split.holdout.sizes(std::string(dataset_name), arrays.inputs.rows())};
}

SampleType known_type(const Tensors& options, const Prepared& files) {
  const auto json = to_json_value(options);
  auto type = look_once(files, json, [&] { return look(options, files); });
  refuse_unfit_transforms(std::string(dataset_name), type, options.transforms.list);
  return type;
}

Prepared find_files(const Tensors& options) {
  if (options.file) return prepare_own_files(std::string(dataset_name), {{"file", *options.file}});
  return prepare_own_files(std::string(dataset_name),
                           {{"inputs", options.inputs}, {"targets", options.targets}});
}

}  // namespace

Prepared prepare(const Tensors& options, const Preparation&) { return find_files(options); }

SampleType sample_type(const Tensors& options) { return known_type(options, find_files(options)); }

Dataset load(const Tensors& options, const Prepared& prepared) {
  refuse_changed_files(prepared);
  auto [inputs, targets] = read_arrays(options, prepared);
  auto type = known_type(options, prepared);
  targets.shape.resize(1);  // one number for each sample is [samples, 1]
  targets.shape.insert(targets.shape.end(), type.target()->shape.begin(),
                       type.target()->shape.end());
  const auto all = std::make_shared<ArraySource>(std::vector{inputs, targets});
  auto rows = draw_rows(type.splits, options.split.seed);
  Dataset dataset{type, {}, options.transforms.list};
  for (std::size_t i = 0; i < rows.size(); ++i)
    dataset.splits.push_back(
        {type.splits[i].name, std::make_shared<ChosenRows>(all, std::move(rows[i]))});
  return dataset;
}

}  // namespace runner
