#pragma once

#include "registry/state.hpp"
#include "runner/checkpoint/safetensors.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace runner {

/// One file of a checkpoint: copies of tensors, and small values.
struct SnapshotFile {
  std::string name;  ///< without .safetensors
  NamedTensors tensors;
  Json values = Json::object();
};

/// A run's state after a step, copied: training goes on while it is written.
struct Snapshot {
  std::int64_t step = 0;
  double epoch = 0;
  Json measured = Json::object();  ///< metrics of the evaluation at this step
  std::vector<SnapshotFile> files;
};

/// Copies what the visited parts of a run name; or keeps nothing, on a rank that only helps to make
/// tensors whole.
class Collector : public StateVisitor {
 public:
  explicit Collector(std::string name, bool keeps = true)
      : file_{std::move(name), {}, Json::object()}, keeps_(keeps) {}

  void tensor(const std::string& name, at::Tensor& tensor) override;
  SnapshotFile take() { return std::move(file_); }

 private:
  void exchange(const std::string& name, Json& value) override { file_.values[name] = value; }

  SnapshotFile file_;
  bool keeps_;
};

/// Brings back what was collected, from all files of a checkpoint whose names begin alike: ranks
/// may have written a part each. Throws std::runtime_error for what is missing or of another shape.
class Restorer : public StateVisitor {
 public:
  Restorer(const std::filesystem::path& folder, const std::string& beginning);

  void tensor(const std::string& name, at::Tensor& tensor) override;
  bool has(const std::string& name) const override { return values_.contains(name); }
  /// To be called at the end; see SafetensorsFile.
  void check() const;

 private:
  void exchange(const std::string& name, Json& value) override;

  std::filesystem::path folder_;
  std::vector<SafetensorsFile> files_;
  Json values_ = Json::object();
};

/// Writes a file of a checkpoint into a folder.
WrittenFile write(const SnapshotFile& file, const std::filesystem::path& folder);

}  // namespace runner
