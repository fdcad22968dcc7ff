#include "registry/data/source.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace runner {
namespace {

/// Rows that follow one another in another source.
class RowsBetween : public SampleSource {
 public:
  RowsBetween(std::shared_ptr<const SampleSource> source, std::int64_t begin, std::int64_t end)
      : source_(std::move(source)), begin_(begin), end_(end) {
    for (std::size_t field = 0; source_->array(field); ++field) {
      auto array = *source_->array(field);
      array.data += static_cast<std::size_t>(begin) * row_bytes(array);
      array.shape.front() = end - begin;
      arrays_.push_back(std::move(array));
    }
  }

  std::int64_t size() const override { return end_ - begin_; }
  void read(std::size_t field, std::span<const std::int64_t> rows, std::byte* out,
            std::size_t stride) const override {
    std::vector<std::int64_t> there(rows.begin(), rows.end());
    for (auto& row : there) row += begin_;
    source_->read(field, there, out, stride);
  }
  std::int64_t length(std::size_t field, std::int64_t row) const override {
    return source_->length(field, begin_ + row);
  }
  const Array* array(std::size_t field) const override {
    return field < arrays_.size() ? &arrays_[field] : nullptr;
  }

 private:
  std::shared_ptr<const SampleSource> source_;
  std::int64_t begin_, end_;
  std::vector<Array> arrays_;
};

}  // namespace

std::int64_t SampleSource::length(std::size_t, std::int64_t) const {
  throw std::logic_error("the rows of this source have no lengths of their own");
}

const Array* SampleSource::array(std::size_t) const { return nullptr; }

ArraySource::ArraySource(std::vector<Array> arrays) : arrays_(std::move(arrays)) {
  for (const auto& array : arrays_)
    if (array.rows() != arrays_.front().rows())
      throw std::logic_error("the arrays of a source have different numbers of rows");
}

void ArraySource::read(std::size_t field, std::span<const std::int64_t> rows, std::byte* out,
                       std::size_t stride) const {
  const auto& from = arrays_.at(field);
  const auto bytes = row_bytes(from);
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::memcpy(out + i * stride, from.data + static_cast<std::size_t>(rows[i]) * bytes, bytes);
}

JoinedSource::JoinedSource(std::vector<std::shared_ptr<const SampleSource>> parts)
    : parts_(std::move(parts)) {
  std::int64_t end = 0;
  for (const auto& part : parts_) ends_.push_back(end += part->size());
}

std::pair<const SampleSource*, std::int64_t> JoinedSource::part_of(std::int64_t row) const {
  const auto i = static_cast<std::size_t>(std::ranges::upper_bound(ends_, row) - ends_.begin());
  return {parts_.at(i).get(), i == 0 ? 0 : ends_[i - 1]};
}

void JoinedSource::read(std::size_t field, std::span<const std::int64_t> rows, std::byte* out,
                        std::size_t stride) const {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto [part, begin] = part_of(rows[i]);
    const auto row = rows[i] - begin;
    part->read(field, {&row, 1}, out + i * stride, stride);
  }
}

std::int64_t JoinedSource::length(std::size_t field, std::int64_t row) const {
  const auto [part, begin] = part_of(row);
  return part->length(field, row - begin);
}

ChosenRows::ChosenRows(std::shared_ptr<const SampleSource> source,
                       std::vector<std::int64_t> numbers)
    : source_(std::move(source)), numbers_(std::move(numbers)) {}

void ChosenRows::read(std::size_t field, std::span<const std::int64_t> rows, std::byte* out,
                      std::size_t stride) const {
  std::vector<std::int64_t> there(rows.size());
  std::ranges::transform(rows, there.begin(),
                         [&](auto row) { return numbers_.at(static_cast<std::size_t>(row)); });
  source_->read(field, there, out, stride);
}

std::int64_t ChosenRows::length(std::size_t field, std::int64_t row) const {
  return source_->length(field, numbers_.at(static_cast<std::size_t>(row)));
}

std::shared_ptr<const SampleSource> rows_between(std::shared_ptr<const SampleSource> source,
                                                 std::int64_t begin, std::int64_t end) {
  if (begin == 0 && end == source->size()) return source;
  return std::make_shared<RowsBetween>(std::move(source), begin, end);
}

}  // namespace runner
