#pragma once

#include "registry/batch/field_rows.hpp"
#include "registry/batch/loader.hpp"
#include "registry/batch/reading_threads.hpp"

#include <deque>

namespace runner {

/// Rows are read by threads, ahead of the step that takes them.
class StreamedLoader : public Loader {
 public:
  StreamedLoader(const Dataset& dataset, std::shared_ptr<const SampleSource> source,
                 const LoaderOptions& options);
  ~StreamedLoader() override;

  std::int64_t samples() const override { return source_->size(); }
  c10::Device device() const override { return device_; }
  Batch take(std::int64_t rows, const StepInputs::Fill& write) override;
  Batch slice(Part rows) override;
  at::Tensor targets(const at::Tensor& rows) const override;
  bool reads_ahead() const override { return true; }
  void expect(const at::Tensor& rows) override;
  void expect_slice(Part rows) override;

 private:
  struct Reading;

  /// Begins to read rows of all fields.
  std::shared_ptr<Reading> begin(const at::Tensor& rows);
  /// The batch of rows that are being read.
  Batch finish(Reading& reading);
  Batch read(const at::Tensor& rows);

  SampleType type_;
  std::shared_ptr<const SampleSource> source_;
  c10::Device device_;
  std::vector<FieldRows> fields_;
  std::deque<std::shared_ptr<Reading>> ahead_;
  ReadingThreads threads_;  ///< ends before what it reads into
};

}  // namespace runner
