#include "runner/train/anomaly.hpp"

#include <algorithm>
#include <vector>

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace runner {
namespace {

thread_local int backward_depth = 0;

const void* memory(const at::Tensor& tensor) {
  return tensor.defined() && tensor.has_storage() ? tensor.storage().data() : nullptr;
}

template <class Values, class Visit>
void for_each_tensor(const Values& values, const Visit& visit) {
  for (const c10::IValue& value : values) {
    if (value.isTensor()) visit(value.toTensor());
    if (value.isTensorList())
      for (const at::Tensor& tensor : value.toTensorList()) visit(tensor);
  }
}

/// Of memory that nobody has written to yet.
bool gives_memory_as_it_is(std::string_view operation) {
  for (const auto* word : {"empty", "resize", "set_", "as_strided"})
    if (operation.find(word) != std::string_view::npos) return true;
  return false;
}

/// What an operation reads: it cannot be asked any more when it is done.
struct Inputs : at::ObserverContext {
  std::vector<const void*> memories;
};

/// The output is an input in another shape, and nothing was written.
bool is_view(const at::RecordFunction& operation, const Inputs& inputs) {
  if (std::string_view(operation.name()).ends_with('_')) return false;
  bool found = false;
  for_each_tensor(operation.outputs(), [&](const at::Tensor& tensor) {
    const auto& all = inputs.memories;
    found = found || (tensor.defined() && tensor.numel() > 0 &&
                      std::find(all.begin(), all.end(), memory(tensor)) != all.end());
  });
  return found;
}

std::string module_of(const std::string& parameter) {
  const auto dot = parameter.rfind('.');
  return dot == std::string::npos ? parameter : parameter.substr(0, dot);
}

std::string_view pass() {
  if (backward_depth > 0) return "backward pass";
  return at::GradMode::is_enabled() ? "forward pass" : "update or evaluation";
}

}  // namespace

AnomalyDetector* AnomalyDetector::current_ = nullptr;

AnomalyDetector::AnomalyDetector(const Network& network) : network_(network) {
  for (const auto& parameter : network.named_parameters())
    modules_[memory(parameter.value())] = module_of(parameter.key());
  current_ = this;
  handle_ = at::addGlobalCallback(
      at::RecordFunctionCallback(begin, end)
          .needsInputs(true)
          .needsOutputs(true)
          .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
}

AnomalyDetector::~AnomalyDetector() {
  at::removeCallback(handle_);
  current_ = nullptr;
}

std::unique_ptr<at::ObserverContext> AnomalyDetector::begin(const at::RecordFunction& operation) {
  if (operation.scope() == at::RecordScope::BACKWARD_FUNCTION) {
    ++backward_depth;
    return nullptr;
  }
  auto inputs = std::make_unique<Inputs>();
  for_each_tensor(operation.inputs(),
                  [&](const at::Tensor& tensor) { inputs->memories.push_back(memory(tensor)); });
  return inputs;
}

void AnomalyDetector::end(const at::RecordFunction& operation, at::ObserverContext* context) {
  if (operation.scope() == at::RecordScope::BACKWARD_FUNCTION) {
    --backward_depth;
  } else if (current_) {
    const at::RecordFunctionGuard not_recorded_itself(false);
    current_->look_at(operation, *context);
  }
}

void AnomalyDetector::look_at(const at::RecordFunction& operation,
                              const at::ObserverContext& context) {
  const auto& inputs = static_cast<const Inputs&>(context);
  if (gives_memory_as_it_is(operation.name()) || is_view(operation, inputs)) return;
  const std::lock_guard lock(mutex_);
  auto place = latest_module_.empty() ? "" : " after " + latest_module_;
  for (const auto* input : inputs.memories)
    if (const auto found = modules_.find(input); found != modules_.end()) {
      latest_module_ = found->second;
      place = " in " + latest_module_;
    }
  const auto source = fmt::format("{}, in the {}{}", operation.name(), pass(), place);
  for_each_tensor(operation.outputs(), [&](const at::Tensor& tensor) { note(tensor, source); });
}

void AnomalyDetector::note(const at::Tensor& tensor, const std::string& source) {
  if (nan_ || !tensor.defined() || !at::isFloatingType(tensor.scalar_type())) return;
  const at::NoGradGuard no_grad;
  if (at::isfinite(tensor).all().item<bool>()) return;
  if (at::isnan(tensor).any().item<bool>())
    nan_ = "the first NaN is from " + source;
  else if (!infinity_)
    infinity_ = "the first infinity is from " + source;
}

void AnomalyDetector::look_at_weights() {
  const at::RecordFunctionGuard not_recorded(false);
  const std::lock_guard lock(mutex_);
  for (const auto& parameter : network_.named_parameters())
    note(parameter.value(), fmt::format("the update of {}", parameter.key()));
}

std::optional<std::string> AnomalyDetector::first_nan() const {
  const std::lock_guard lock(mutex_);
  return nan_;
}

std::optional<std::string> AnomalyDetector::first_infinity() const {
  const std::lock_guard lock(mutex_);
  return infinity_;
}

}  // namespace runner
