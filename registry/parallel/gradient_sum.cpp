#include "registry/parallel/gradient_sum.hpp"

#include <optional>

namespace runner {
namespace {

using Future = c10::intrusive_ptr<c10::ivalue::Future>;

std::optional<at::ScalarType> compressed_type(const std::string& compression) {
  if (compression == "bf16") return at::kBFloat16;
  if (compression == "fp16") return at::kHalf;
  return std::nullopt;
}

class GradientSum : public c10d::CppCommHookInterface<const Ranks*> {
 public:
  GradientSum(const Ranks& ranks, std::optional<at::ScalarType> compressed)
      : CppCommHookInterface(&ranks), compressed_(compressed) {}

  Future runHook(c10d::GradBucket& bucket) override {
    // With its last bucket under way, this rank waits for the others.
    if (bucket.isLast()) state_->come();
    auto& gradients = bucket.getBufferRef();
    if (!compressed_ || gradients.scalar_type() != at::kFloat)
      return state_->start_sum(gradients)->getFuture();
    auto small = gradients.to(*compressed_);
    return state_->start_sum(small)->getFuture()->then(
        [gradients](c10::ivalue::Future& sum) {
          gradients.copy_(c10d::detail::parseCppCommHookResult(sum.value()));
          return c10::IValue(gradients);
        },
        c10::TensorType::get());
  }

 private:
  std::optional<at::ScalarType> compressed_;
};

}  // namespace

std::unique_ptr<c10d::CommHookInterface> gradient_sum(const Ranks& ranks,
                                                      const std::string& compression) {
  return std::make_unique<GradientSum>(ranks, compressed_type(compression));
}

}  // namespace runner
