#include "registry/batch/field_rows.hpp"

#include "registry/batch/scaled_rows.hpp"

#include <ATen/ATen.h>

namespace runner {

at::ScalarType scalar_type(DType type) {
  switch (type) {
    case DType::boolean:
      return at::kBool;
    case DType::uint8:
      return at::kByte;
    case DType::int8:
      return at::kChar;
    case DType::int16:
      return at::kShort;
    case DType::int32:
      return at::kInt;
    case DType::int64:
      return at::kLong;
    case DType::float16:
      return at::kHalf;
    case DType::bfloat16:
      return at::kBFloat16;
    case DType::float32:
      return at::kFloat;
    case DType::float64:
      return at::kDouble;
  }
  return at::kByte;
}

at::Tensor view(const Array& array) {
  // from_blob wants a pointer to writable memory; nothing here writes to it.
  auto* data = const_cast<std::byte*>(array.data);
  return at::from_blob(
      data, array.shape, [owner = array.owner](void*) {}, scalar_type(array.dtype));
}

FieldRows::FieldRows(const FieldType& field, const Json& transforms, at::ScalarType type)
    : field_(field), type_(type) {
  if (is_scaled()) scaling_ = scaling_of(field, transforms);
}

bool FieldRows::is_scaled() const {
  return field_.meaning == Meaning::image || field_.meaning == Meaning::features;
}

at::ScalarType FieldRows::type_in_batch() const {
  switch (field_.meaning) {
    case Meaning::image:
    case Meaning::features:
      return type_;
    case Meaning::numbers:
      return at::kFloat;
    case Meaning::mask:
      return at::kBool;
    case Meaning::tokens:
    case Meaning::classes:
    case Meaning::id:
      return at::kLong;
  }
  return type_;
}

at::Tensor FieldRows::gather(const at::Tensor& stored, const at::Tensor& rows) const {
  if (is_scaled()) return gather_scaled(stored, rows, scaling_, type_);
  return stored.index_select(0, rows).to(type_in_batch());
}

at::Tensor FieldRows::slice(const at::Tensor& stored, std::int64_t begin, std::int64_t end) const {
  if (is_scaled()) return slice_scaled(stored, begin, end, scaling_, type_);
  return stored.slice(0, begin, end).to(type_in_batch());
}

at::ScalarType FieldRows::kept_type(at::ScalarType stored) const {
  // One number a row is small, and costs an operation in each step otherwise.
  return field_.shape.empty() && !is_scaled() ? type_in_batch() : stored;
}

}  // namespace runner
