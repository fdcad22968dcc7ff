#include "registry/counted.hpp"
#include "registry/metrics/top_k.hpp"

#include <fmt/format.h>

namespace runner {

std::string TopK::misfit(const SampleType& type) const {
  if (k <= type.outputs()) return "";
  return fmt::format("k is {}, but the data have {}", k, counted(type.outputs(), "class"));
}

}  // namespace runner
