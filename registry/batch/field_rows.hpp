#pragma once

#include "registry/data/array.hpp"
#include "registry/data/sample_type.hpp"
#include "registry/transforms/scaling.hpp"

#include <ATen/core/Tensor.h>

namespace runner {

at::ScalarType scalar_type(DType type);

/// A tensor on the array's own memory.
at::Tensor view(const Array& array);

/// How a field's stored rows become those of a batch.
class FieldRows {
 public:
  /// `type` is that of images and features.
  FieldRows(const FieldType& field, const Json& transforms, at::ScalarType type);

  const FieldType& field() const { return field_; }

  /// Of all rows `stored`, those at `rows`.
  at::Tensor gather(const at::Tensor& stored, const at::Tensor& rows) const;
  /// The rows [begin, end) of `stored`.
  at::Tensor slice(const at::Tensor& stored, std::int64_t begin, std::int64_t end) const;

  /// The type in which rows are kept where there is room for all of them: what each batch would
  /// have to be converted to.
  at::ScalarType kept_type(at::ScalarType stored) const;

 private:
  bool is_scaled() const;
  at::ScalarType type_in_batch() const;

  FieldType field_;
  Scaling scaling_;
  at::ScalarType type_;
};

}  // namespace runner
