#include "registry/batch/batch.hpp"

#include <algorithm>
#include <stdexcept>

namespace runner {

const at::Tensor* Batch::find(std::string_view name) const {
  const auto found = std::ranges::find(fields_, name, &std::pair<std::string, at::Tensor>::first);
  return found == fields_.end() ? nullptr : &found->second;
}

const at::Tensor& Batch::at(std::string_view name) const {
  if (const auto* found = find(name)) return *found;
  throw std::logic_error("a batch has no field " + std::string(name));
}

}  // namespace runner
