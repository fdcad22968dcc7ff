#include "runner/train/state_copy.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace runner {
namespace {

double length(const at::Tensor& tensor) {
  return tensor.to(at::promote_types(tensor.scalar_type(), at::kFloat)).norm().item<double>();
}

/// The same operations in another order round otherwise; what comes of other numbers is as far away
/// as the whole change.
bool are_alike(const at::Tensor& a, const at::Tensor& b, const at::Tensor& before) {
  constexpr double of_change = 0.01, of_value = 1e-5;
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  if (!a.is_floating_point()) return a.equal(b);
  const auto change = before.defined() ? b - before : b;
  return length(a - b) <= of_change * length(change) + of_value * length(b);
}

}  // namespace

class StateCopy::Taking : public StateVisitor {
 public:
  explicit Taking(StateCopy& copy) : copy_(copy) {}

  void tensor(const std::string&, at::Tensor& tensor) override {
    if (number_ == copy_.tensors_.size()) copy_.tensors_.emplace_back();
    auto& copy = copy_.tensors_[number_++];
    if (!tensor.defined())
      copy.reset();
    else if (copy.defined())
      copy.copy_(tensor);
    else
      copy = tensor.detach().clone();
  }

 private:
  void exchange(const std::string& name, Json& value) override { copy_.values_[name] = value; }

  StateCopy& copy_;
  std::size_t number_ = 0;
};

class StateCopy::Restoring : public StateVisitor {
 public:
  explicit Restoring(const StateCopy& copy) : copy_(copy) {}

  void tensor(const std::string&, at::Tensor& tensor) override {
    const auto& copy = copy_.tensors_.at(number_++);
    if (copy.defined())
      tensor.copy_(copy);
    else
      tensor.reset();
  }

 private:
  void exchange(const std::string& name, Json& value) override { value = copy_.values_.at(name); }

  const StateCopy& copy_;
  std::size_t number_ = 0;
};

class StateCopy::Comparing : public StateVisitor {
 public:
  Comparing(const StateCopy& copy, const StateCopy& before) : copy_(copy), before_(before) {}

  void tensor(const std::string& name, at::Tensor& tensor) override {
    const auto number = number_++;
    if (difference.empty() &&
        !are_alike(tensor.detach(), copy_.tensors_.at(number), before_.tensors_.at(number)))
      difference = name;
  }

  std::string difference;

 private:
  void exchange(const std::string& name, Json& value) override {
    if (difference.empty() && value != copy_.values_.at(name)) difference = name;
  }

  const StateCopy& copy_;
  const StateCopy& before_;
  std::size_t number_ = 0;
};

StateCopy::StateCopy(const Visit& visit) { take(visit); }

void StateCopy::take(const Visit& visit) {
  const at::NoGradGuard no_grad;
  Taking taking(*this);
  visit(taking);
}

void StateCopy::restore(const Visit& visit) const {
  const at::NoGradGuard no_grad;
  Restoring restoring(*this);
  visit(restoring);
}

std::string StateCopy::difference(const Visit& visit, const StateCopy& before) const {
  const at::NoGradGuard no_grad;
  Comparing comparing(*this, before);
  visit(comparing);
  return comparing.difference;
}

}  // namespace runner
