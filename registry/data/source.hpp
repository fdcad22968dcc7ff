#pragma once

#include "registry/data/array.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace runner {

/// Rows of samples, read by their numbers. It has no order, no state and no randomness, so any
/// number of threads may read from it. The fields are those of a SampleType, in its order.
class SampleSource {
 public:
  SampleSource() = default;
  SampleSource(const SampleSource&) = delete;
  SampleSource& operator=(const SampleSource&) = delete;
  virtual ~SampleSource() = default;

  /// How many rows there are.
  virtual std::int64_t size() const = 0;

  /// Writes rows of a field; row i begins `stride` bytes after row i - 1. Of a ragged field, no
  /// more than the row has is written.
  virtual void read(std::size_t field, std::span<const std::int64_t> rows, std::byte* out,
                    std::size_t stride) const = 0;

  /// The first extent of a row of a ragged field.
  virtual std::int64_t length(std::size_t field, std::int64_t row) const;

  /// All rows of a field, where they lie in memory one behind another; null where they do not, or
  /// there is no such field.
  virtual const Array* array(std::size_t field) const;
};

/// Fields that lie in memory as arrays of equally many rows.
class ArraySource : public SampleSource {
 public:
  /// Throws std::logic_error for arrays of different numbers of rows.
  explicit ArraySource(std::vector<Array> arrays);

  std::int64_t size() const override { return arrays_.front().rows(); }
  void read(std::size_t field, std::span<const std::int64_t> rows, std::byte* out,
            std::size_t stride) const override;
  const Array* array(std::size_t field) const override {
    return field < arrays_.size() ? &arrays_[field] : nullptr;
  }

 private:
  std::vector<Array> arrays_;
};

/// The rows of several sources, one source behind another.
class JoinedSource : public SampleSource {
 public:
  explicit JoinedSource(std::vector<std::shared_ptr<const SampleSource>> parts);

  std::int64_t size() const override { return ends_.back(); }
  void read(std::size_t field, std::span<const std::int64_t> rows, std::byte* out,
            std::size_t stride) const override;
  std::int64_t length(std::size_t field, std::int64_t row) const override;

 private:
  /// Which part has a row, and where that part begins.
  std::pair<const SampleSource*, std::int64_t> part_of(std::int64_t row) const;

  std::vector<std::shared_ptr<const SampleSource>> parts_;
  std::vector<std::int64_t> ends_;  ///< the rows up to each part's last
};

/// Some of the rows of a source, in an order of their own: [numbers[0], numbers[1], ...].
class ChosenRows : public SampleSource {
 public:
  ChosenRows(std::shared_ptr<const SampleSource> source, std::vector<std::int64_t> numbers);

  std::int64_t size() const override { return std::ssize(numbers_); }
  void read(std::size_t field, std::span<const std::int64_t> rows, std::byte* out,
            std::size_t stride) const override;
  std::int64_t length(std::size_t field, std::int64_t row) const override;

 private:
  std::shared_ptr<const SampleSource> source_;
  std::vector<std::int64_t> numbers_;
};

/// The rows [begin, end) of a source.
std::shared_ptr<const SampleSource> rows_between(std::shared_ptr<const SampleSource> source,
                                                 std::int64_t begin, std::int64_t end);

}  // namespace runner
