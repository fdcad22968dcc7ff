#pragma once

#include "registry/models/network.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include <ATen/record_function.h>

namespace runner {

/// Looks at what every operation gives, while it exists, and remembers where numbers first were
/// not finite. One at a time in a process.
class AnomalyDetector {
 public:
  explicit AnomalyDetector(const Network& network);
  ~AnomalyDetector();
  AnomalyDetector(const AnomalyDetector&) = delete;
  AnomalyDetector& operator=(const AnomalyDetector&) = delete;

  /// Weights are not only changed by operations.
  void look_at_weights();

  /// "the first NaN is from aten::log, in the forward pass after fc2"; nothing without a NaN.
  std::optional<std::string> first_nan() const;
  /// The same of what was infinite: legal in itself (a mask, a maximum's start), often a NaN's
  /// cause.
  std::optional<std::string> first_infinity() const;

 private:
  static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& operation);
  static void end(const at::RecordFunction& operation, at::ObserverContext* context);
  void look_at(const at::RecordFunction& operation, const at::ObserverContext& context);
  void note(const at::Tensor& tensor, const std::string& source);

  static AnomalyDetector* current_;

  const Network& network_;
  std::map<const void*, std::string> modules_;  ///< by the memory of their weights
  at::CallbackHandle handle_;
  mutable std::mutex mutex_;  // operations of the backward pass may run in threads of their own
  std::string latest_module_;
  std::optional<std::string> nan_, infinity_;
};

}  // namespace runner
