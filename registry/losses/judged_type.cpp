#include "registry/losses/judged_type.hpp"

#include "registry/kinds.hpp"

namespace runner {

JudgedType judged_type(const Json& model, const SampleType& type) {
  const auto& description = *find_kind("model")->find(model.at("name").get<std::string>());
  return {*type.target(), type.outputs(), description.class_axis};
}

}  // namespace runner
