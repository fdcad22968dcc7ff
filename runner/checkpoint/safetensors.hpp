#pragma once

#include "registry/data/safetensors_index.hpp"
#include "registry/datasets/mapped_file.hpp"
#include "registry/description.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

// The file format of https://github.com/huggingface/safetensors: a length, a JSON header with
// types, shapes and offsets, and the numbers. Nothing in it is executed.

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// A file as it was written.
struct WrittenFile {
  std::string name;
  std::int64_t bytes = 0;
  std::string sha256;
};

/// Writes tensors of the CPU, and texts about them, to a new file; on disk when it returns. Throws
/// std::runtime_error with the system's reason.
WrittenFile write_safetensors(const std::filesystem::path& file, const NamedTensors& tensors,
                              const std::map<std::string, std::string>& metadata);

/// A file's tensors, mapped into memory: looking one up reads nothing else. Tensors of types that
/// are not known here (F8_E4M3, C64 ...) may be there, as long as nobody asks for them.
class SafetensorsFile {
 public:
  /// Throws std::runtime_error when it is no such file, or says what cannot be of a tensor.
  explicit SafetensorsFile(const std::filesystem::path& file);

  const std::map<std::string, std::string>& metadata() const { return header_.metadata; }
  std::vector<std::string> names() const;
  bool contains(const std::string& name) const { return header_.entries.contains(name); }
  /// As the file calls it. Throws std::out_of_range, as `tensor` does.
  const std::string& type_name(const std::string& name) const {
    return header_.entries.at(name).type_name;
  }
  bool is_readable(const std::string& name) const {
    return header_.entries.at(name).type.has_value();
  }
  /// Valid as long as this file. Throws std::runtime_error for a type that is not known here.
  at::Tensor tensor(const std::string& name) const;
  /// Throws std::runtime_error when the file has been truncated or written to since it was opened.
  void check() const { file_.check(); }

 private:
  std::filesystem::path path_;
  MappedFile file_;
  SafetensorsIndex header_;
};

}  // namespace runner
