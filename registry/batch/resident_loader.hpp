#pragma once

#include "registry/batch/field_rows.hpp"
#include "registry/batch/loader.hpp"

namespace runner {

/// Bytes of all rows; 0 where that is not known without reading them.
std::int64_t bytes_of(const SampleType& type, const SampleSource& source);

/// All rows are on the device, as they are stored (uint8: a quarter of the memory), and are scaled
/// batch by batch.
class ResidentLoader : public Loader {
 public:
  /// What does not lie in memory as an array is read whole.
  ResidentLoader(const Dataset& dataset, const SampleSource& source, const LoaderOptions& options);

  std::int64_t samples() const override { return samples_; }
  c10::Device device() const override { return device_; }
  Batch take(std::int64_t rows, const StepInputs::Fill& write) override;
  Batch slice(Part rows) override;
  at::Tensor targets(const at::Tensor& rows) const override;

 private:
  std::int64_t samples_;
  c10::Device device_;
  std::vector<FieldRows> fields_;
  std::vector<at::Tensor> stored_;  ///< of each field, on the device
  at::Tensor host_targets_;
};

}  // namespace runner
