#pragma once

#include "registry/description.hpp"

#include <string>

namespace at {
class Tensor;
}

namespace runner {

/// Goes over everything that a run needs in order to go on exactly: to write it down, or to bring
/// it back. Each part of a run names its state once, for both.
class StateVisitor {
 public:
  virtual ~StateVisitor() = default;

  /// Writes the tensor down, unless it is undefined; or brings its numbers back, into the tensor
  /// where there is one already.
  virtual void tensor(const std::string& name, at::Tensor& tensor) = 0;

  /// Whether there is a value of this name: a checkpoint may be older than it.
  virtual bool has(const std::string& /*name*/) const { return true; }

  template <class T>
  void value(const std::string& name, T& value) {
    Json json = value;
    exchange(name, json);
    value = json.get<T>();
  }

 private:
  /// Writes the value down, or replaces it.
  virtual void exchange(const std::string& name, Json& value) = 0;
};

}  // namespace runner
