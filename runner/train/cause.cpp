#include "runner/train/cause.hpp"

#include "registry/field_error.hpp"
#include "registry/parallel/shared_memory.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include <c10/util/Exception.h>

namespace runner {
namespace {

std::string text_without_backtrace(const std::exception& error) {
  const auto* from_torch = dynamic_cast<const c10::Error*>(&error);
  return from_torch ? from_torch->what_without_backtrace() : error.what();
}

/// Gloo's classes are in no header of LibTorch, and come as plain runtime errors by way of the
/// autograd engine.
bool is_loss_of_others(const std::exception& error, std::string_view text) {
  return dynamic_cast<const c10::DistError*>(&error) || dynamic_cast<const RankMissing*>(&error) ||
         text.find("gloo") != text.npos || text.find("NCCL") != text.npos;
}

/// LibTorch's allocator for CPUs and cuBLAS have no class of their own for it.
bool is_out_of_memory(const std::exception& error, std::string_view text) {
  constexpr std::array<std::string_view, 3> words{"DefaultCPUAllocator: can't allocate memory",
                                                  "DefaultCPUAllocator: not enough memory",
                                                  "CUBLAS_STATUS_ALLOC_FAILED"};
  return dynamic_cast<const std::bad_alloc*>(&error) ||
         dynamic_cast<const c10::OutOfMemoryError*>(&error) ||
         std::ranges::any_of(words, [&](auto each) { return text.find(each) != text.npos; });
}

}  // namespace

Cause cause_of(const std::exception& error) {
  auto text = text_without_backtrace(error);
  if (const auto* of_field = dynamic_cast<const FieldError*>(&error))
    return Mistake{of_field->field, std::move(text)};
  if (dynamic_cast<const std::invalid_argument*>(&error)) return Mistake{"", std::move(text)};
  if (is_loss_of_others(error, text)) return LostOthers{std::move(text)};
  const bool no_memory = is_out_of_memory(error, text);
  return Thrown{std::move(text), no_memory};
}

}  // namespace runner
