#pragma once

#include <cmath>
#include <vector>

#include <ATen/ATen.h>

namespace runner {

// Arithmetic over many tensors at once (foreach operations, one kernel launch for all on a GPU),
// and the same names for single numbers: an optimizer's formula is written once, for both.

/// A number in a formula over tensors: known here, or in the device's memory, from where a captured
/// step reads it.
class StepNumber {
 public:
  StepNumber(double here) : here_(here) {}
  /// A scalar, of the type of the tensors.
  explicit StepNumber(at::Tensor there) : there_(std::move(there)) {}

  bool operator==(double known) const { return !there_.defined() && here_ == known; }

  /// `operation` of it, as a number or as a tensor.
  auto pass_to(const auto& operation) const {
    return there_.defined() ? operation(there_) : operation(at::Scalar(here_));
  }

 private:
  double here_ = 0;
  at::Tensor there_;
};

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
  MutableTensors& operator*=(const StepNumber& factor) {
    factor.pass_to([&](const auto& number) { at::_foreach_mul_(each_, number); });
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
inline Tensors operator+(const Tensors& a, const StepNumber& b) {
  return b.pass_to([&](const auto& b) { return Tensors(at::_foreach_add(a.list(), b)); });
}
inline Tensors operator*(const StepNumber& a, const Tensors& b) {
  return a.pass_to([&](const auto& a) { return Tensors(at::_foreach_mul(b.list(), a)); });
}
inline Tensors operator/(const Tensors& a, const StepNumber& b) {
  return b.pass_to([&](const auto& b) { return Tensors(at::_foreach_div(a.list(), b)); });
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
