#include "registry/counted.hpp"
#include "registry/losses/class_factors.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {

std::string ClassFactors::conflict() const {
  const bool all_zero = std::all_of(weight.begin(), weight.end(), [](double w) { return w == 0; });
  return all_zero && !weight.empty() ? "weight is 0 for every class" : "";
}

std::string ClassFactors::misfit(const SampleType& type) const {
  if (weight.empty() || std::ssize(weight) == type.outputs()) return "";
  return fmt::format("weight has {}, but the data have {}", counted(std::ssize(weight), "factor"),
                     counted(type.outputs(), "class"));
}

}  // namespace runner
