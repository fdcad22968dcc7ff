#include "registry/metrics/judged.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

/// [N, C, d...] or [N, T, C] as [M, C].
at::Tensor rows_of_classes(const at::Tensor& output, std::int64_t class_axis) {
  if (output.dim() == 2) return output;
  return output.movedim(class_axis, -1).flatten(0, -2);
}

}  // namespace

Judged judge(const JudgedType& type, const Output& output, const Batch& batch) {
  const auto& targets = batch.at(type.target.name);
  if (type.target.meaning != Meaning::classes) return {output.tensor, targets, batch};
  Judged judged{rows_of_classes(output.tensor, type.class_axis), targets.flatten(), batch};
  if (!type.may_ignore()) return judged;
  const auto counted = judged.targets.ne(type.ignored).nonzero().squeeze(1);
  return {judged.output.index_select(0, counted), judged.targets.index_select(0, counted), batch};
}

}  // namespace runner
