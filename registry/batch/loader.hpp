#pragma once

#include "registry/batch/batch.hpp"
#include "registry/data/source.hpp"
#include "registry/datasets/dataset.hpp"
#include "registry/graph/step_inputs.hpp"
#include "registry/parallel/part.hpp"

#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// Makes batches of the rows of a split, on a device. Images and features are scaled, and of the
/// type asked for; tokens, classes and ids are int64; numbers are float32, masks are bool.
class Loader {
 public:
  Loader() = default;
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  virtual ~Loader() = default;

  virtual std::int64_t samples() const = 0;
  virtual c10::Device device() const = 0;

  /// A batch of so many rows. `write` writes their numbers, int64 on the CPU: now, and again before
  /// each time that a captured step comes.
  virtual Batch take(std::int64_t rows, const StepInputs::Fill& write) = 0;
  /// The rows [begin, end), as they are stored.
  virtual Batch slice(Part rows) = 0;
  /// The targets of these rows alone, on the CPU.
  virtual at::Tensor targets(const at::Tensor& rows) const = 0;

  /// Whether it reads rows while others are worked on, if it is told of them. Then no captured step
  /// can take them.
  virtual bool reads_ahead() const { return false; }
  /// These rows, int64 on the CPU, are asked for soon, in the order in which they are told of.
  virtual void expect(const at::Tensor&) {}
  virtual void expect_slice(Part) {}
};

/// Where the rows of a loader are.
struct LoaderOptions {
  c10::Device device = c10::kCPU;
  at::ScalarType type = at::kFloat;  ///< of images and features
  enum class Residence { automatic, resident, streamed } residence = Residence::automatic;
  int threads = 2;  ///< that read rows which are not resident
};

/// A loader of one of the dataset's splits. Rows are resident on the device where they are small,
/// or lie in memory that a CPU reads in place; else they are read ahead by threads. Both give the
/// same batches.
std::unique_ptr<Loader> make_loader(const Dataset& dataset, const Split& split,
                                    const LoaderOptions& options);

}  // namespace runner
