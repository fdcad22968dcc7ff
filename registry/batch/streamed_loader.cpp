#include "registry/batch/streamed_loader.hpp"

#include "registry/batch/raw_rows.hpp"
#include "registry/parallel/part.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>

#include <ATen/ATen.h>

namespace runner {
namespace {

std::span<const std::int64_t> numbers_in(const at::Tensor& rows) {
  return {rows.const_data_ptr<std::int64_t>(), static_cast<std::size_t>(rows.numel())};
}

}  // namespace

/// Rows of all fields that threads read, each some of them.
struct StreamedLoader::Reading {
  at::Tensor rows;
  std::vector<at::Tensor> raw;        ///< of each field, as it is stored
  std::vector<at::Tensor> lengths;    ///< of each field; undefined unless it is ragged
  std::atomic<std::int64_t> open{0};  ///< parts that are still read
  std::mutex mutex;
  std::exception_ptr failure;

  void read_part(const SampleSource& source, Part part) noexcept {
    try {
      const auto numbers = numbers_in(rows).subspan(static_cast<std::size_t>(part.begin),
                                                    static_cast<std::size_t>(part.size()));
      for (std::size_t field = 0; field < raw.size(); ++field) {
        auto there = raw[field].slice(0, part.begin, part.end);
        read_rows(source, field, numbers, there);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
    if (open.fetch_sub(1) == 1) open.notify_all();
  }

  void wait() {
    for (auto left = open.load(); left > 0; left = open.load()) open.wait(left);
    if (failure) std::rethrow_exception(failure);
  }
};

StreamedLoader::StreamedLoader(const Dataset& dataset, std::shared_ptr<const SampleSource> source,
                               const LoaderOptions& options)
    : type_(dataset.type),
      source_(std::move(source)),
      device_(options.device),
      threads_(options.threads) {
  for (const auto& field : type_.fields)
    fields_.emplace_back(field, dataset.transforms, options.type);
}

StreamedLoader::~StreamedLoader() = default;

std::shared_ptr<StreamedLoader::Reading> StreamedLoader::begin(const at::Tensor& rows) {
  auto reading = std::make_shared<Reading>();
  reading->rows = rows;
  const auto count = rows.numel();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    auto& lengths = reading->lengths.emplace_back();
    std::int64_t longest = 0;
    if (type_.fields[i].is_ragged() && count > 0) {
      lengths = lengths_of_rows(*source_, i, numbers_in(rows));
      longest = lengths.max().item<std::int64_t>();
    }
    reading->raw.push_back(empty_rows(type_.fields[i], count, longest, device_.is_cuda()));
  }
  const auto parts = std::min<std::int64_t>(threads_.count(), std::max<std::int64_t>(count, 1));
  reading->open = parts;
  for (std::int64_t i = 0; i < parts; ++i)
    threads_.add([reading, source = source_, part = part_of({0, count}, i, parts)] {
      reading->read_part(*source, part);
    });
  return reading;
}

Batch StreamedLoader::finish(Reading& reading) {
  reading.wait();
  const auto count = reading.rows.numel();
  Batch batch(count);
  constexpr bool non_blocking = true;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto& name = fields_[i].field().name;
    batch.add(name, fields_[i].slice(reading.raw[i].to(device_, non_blocking), 0, count));
    if (reading.lengths[i].defined()) batch.add(name + "_lengths", reading.lengths[i].to(device_));
  }
  return batch;
}

Batch StreamedLoader::read(const at::Tensor& rows) {
  // What was expected and did not come is of no more use.
  while (!ahead_.empty() && !ahead_.front()->rows.equal(rows)) ahead_.pop_front();
  if (ahead_.empty()) return finish(*begin(rows));
  const auto reading = ahead_.front();
  ahead_.pop_front();
  return finish(*reading);
}

Batch StreamedLoader::take(std::int64_t rows, const StepInputs::Fill& write) {
  auto numbers = at::empty({rows}, at::kLong);
  write(numbers);
  return read(numbers);
}

Batch StreamedLoader::slice(Part rows) { return read(at::arange(rows.begin, rows.end, at::kLong)); }

at::Tensor StreamedLoader::targets(const at::Tensor& rows) const {
  const auto i = static_cast<std::size_t>(type_.target() - type_.fields.data());
  auto raw = empty_rows(type_.fields[i], rows.numel());
  read_rows(*source_, i, numbers_in(rows), raw);
  return fields_[i].slice(raw, 0, rows.numel());
}

void StreamedLoader::expect_slice(Part rows) {
  expect(at::arange(rows.begin, rows.end, at::kLong));
}

void StreamedLoader::expect(const at::Tensor& rows) { ahead_.push_back(begin(rows)); }

}  // namespace runner
