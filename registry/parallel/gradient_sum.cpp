#include "registry/parallel/gradient_sum.hpp"

#include <optional>
#include <utility>
#include <vector>

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
    auto sum = start(bucket.getBufferRef());
    if (bucket.isLast()) {
      // With its last bucket under way, this rank waits for the others.
      state_->come();
      add_up_in_memory();
    }
    return sum;
  }

 private:
  Future start(at::Tensor& gradients) {
    if (compressed_ && gradients.scalar_type() == at::kFloat) return start_compressed(gradients);
    if (has_room_in_memory_for(gradients)) {
      in_memory_.push_back(gradients);
      return sums_.emplace_back(c10::make_intrusive<c10::ivalue::Future>(c10::TensorType::get()));
    }
    return state_->start_sum(gradients)->getFuture();
  }

  Future start_compressed(const at::Tensor& gradients) const {
    auto small = gradients.to(*compressed_);
    return state_->start_sum(small)->getFuture()->then(
        [gradients](c10::ivalue::Future& sum) {
          gradients.copy_(c10d::detail::parseCppCommHookResult(sum.value()));
          return c10::IValue(gradients);
        },
        c10::TensorType::get());
  }

  bool has_room_in_memory_for(const at::Tensor& gradients) const {
    if (!state_->memory()) return false;
    auto all = in_memory_;
    all.push_back(gradients);
    return state_->memory()->has_room_for(all);
  }

  /// All buckets at once: ranks wait for each other twice in a step, however many there are.
  void add_up_in_memory() {
    if (in_memory_.empty()) return;
    const auto sums = state_->memory()->sum(std::exchange(in_memory_, {}));
    for (std::size_t i = 0; i < sums.size(); ++i) sums_[i]->markCompleted(sums[i]);
    sums_.clear();
  }

  std::optional<at::ScalarType> compressed_;
  std::vector<at::Tensor> in_memory_;  // buckets of this step
  std::vector<Future> sums_;           // and what comes of them
};

}  // namespace

std::unique_ptr<c10d::CommHookInterface> gradient_sum(const Ranks& ranks,
                                                      const std::string& compression) {
  return std::make_unique<GradientSum>(ranks, compressed_type(compression));
}

}  // namespace runner
