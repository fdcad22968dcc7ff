#pragma once

#include <cmath>
#include <vector>

#include <ATen/ATen.h>

namespace runner {

// Arithmetic over many tensors at once (foreach operations, one kernel launch for all on a GPU),
// and the same names for single numbers: an optimizer's formula is written once, for both.

/// A value for each of many tensors.
class Tensors {
 public:
  explicit Tensors(std::vector<at::Tensor> each) : each_(std::move(each)) {}
  at::TensorList list() const { return each_; }

 protected:
  std::vector<at::Tensor> each_;
};

/// Tensors that an assignment overwrites: weights, running averages.
class MutableTensors : public Tensors {
 public:
  using Tensors::Tensors;
  MutableTensors(const MutableTensors&) = default;
  MutableTensors& operator=(const Tensors& values) {
    at::_foreach_copy_(each_, values.list());
    return *this;
  }
  MutableTensors& operator+=(const Tensors& values) {
    at::_foreach_add_(each_, values.list());
    return *this;
  }
  MutableTensors& operator-=(const Tensors& values) {
    at::_foreach_sub_(each_, values.list());
    return *this;
  }
  MutableTensors& operator*=(double factor) {
    at::_foreach_mul_(each_, factor);
    return *this;
  }
};

inline Tensors operator+(const Tensors& a, const Tensors& b) {
  return Tensors(at::_foreach_add(a.list(), b.list()));
}
inline Tensors operator-(const Tensors& a, const Tensors& b) {
  return Tensors(at::_foreach_sub(a.list(), b.list()));
}
inline Tensors operator*(const Tensors& a, const Tensors& b) {
  return Tensors(at::_foreach_mul(a.list(), b.list()));
}
inline Tensors operator/(const Tensors& a, const Tensors& b) {
  return Tensors(at::_foreach_div(a.list(), b.list()));
}
inline Tensors operator+(const Tensors& a, double b) {
  return Tensors(at::_foreach_add(a.list(), b));
}
inline Tensors operator*(double a, const Tensors& b) {
  return Tensors(at::_foreach_mul(b.list(), a));
}
inline Tensors operator/(const Tensors& a, double b) {
  return Tensors(at::_foreach_div(a.list(), b));
}
inline Tensors operator-(const Tensors& a) { return Tensors(at::_foreach_neg(a.list())); }

inline Tensors root(const Tensors& a) { return Tensors(at::_foreach_sqrt(a.list())); }
inline Tensors magnitude(const Tensors& a) { return Tensors(at::_foreach_abs(a.list())); }
inline Tensors larger(const Tensors& a, const Tensors& b) {
  return Tensors(at::_foreach_maximum(a.list(), b.list()));
}
inline Tensors sign(const Tensors& a) { return Tensors(at::_foreach_sign(a.list())); }
inline Tensors value_of(const Tensors& a) { return a; }

template <class T>
concept Number = std::is_floating_point_v<T>;

template <Number T>
T root(T a) {
  return std::sqrt(a);
}
template <Number T>
T magnitude(T a) {
  return std::abs(a);
}
template <Number T>
T larger(T a, T b) {
  return a > b ? a : b;
}
template <Number T>
T sign(T a) {
  return static_cast<T>((a > 0) - (a < 0));
}
template <Number T>
T value_of(T a) {
  return a;
}

}  // namespace runner
