#include "registry/batch/resident_loader.hpp"

#include "registry/batch/raw_rows.hpp"

#include <numeric>

#include <ATen/ATen.h>

namespace runner {
namespace {

at::Tensor all_rows(const SampleSource& source, const SampleType& type, std::size_t field) {
  if (const auto* array = source.array(field)) return view(*array);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(source.size()));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  auto raw = empty_rows(type.fields[field], source.size());
  read_rows(source, field, rows, raw);
  return raw;
}

}  // namespace

std::int64_t bytes_of(const SampleType& type, const SampleSource& source) {
  std::int64_t row = 0;
  for (const auto& field : type.fields) {
    if (field.is_ragged()) return 0;
    row += elements_of(field.shape) * static_cast<std::int64_t>(size_of(field.dtype));
  }
  return source.size() * row;
}

ResidentLoader::ResidentLoader(const Dataset& dataset, const SampleSource& source,
                               const LoaderOptions& options)
    : samples_(source.size()), device_(options.device) {
  for (std::size_t i = 0; i < dataset.type.fields.size(); ++i) {
    const auto& field =
        fields_.emplace_back(dataset.type.fields[i], dataset.transforms, options.type);
    auto raw = all_rows(source, dataset.type, i);
    raw = raw.to(field.kept_type(raw.scalar_type()));
    if (&dataset.type.fields[i] == dataset.type.target()) host_targets_ = raw;
    stored_.push_back(raw.to(device_));
  }
}

Batch ResidentLoader::take(std::int64_t rows, const StepInputs::Fill& write) {
  const auto numbers = step_input({rows}, at::kLong, device_, write);
  Batch batch(rows);
  for (std::size_t i = 0; i < fields_.size(); ++i)
    batch.add(fields_[i].field().name, fields_[i].gather(stored_[i], numbers));
  return batch;
}

Batch ResidentLoader::slice(Part rows) {
  Batch batch(rows.size());
  for (std::size_t i = 0; i < fields_.size(); ++i)
    batch.add(fields_[i].field().name, fields_[i].slice(stored_[i], rows.begin, rows.end));
  return batch;
}

at::Tensor ResidentLoader::targets(const at::Tensor& rows) const {
  return host_targets_.index_select(0, rows);
}

}  // namespace runner
