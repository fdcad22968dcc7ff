#include "registry/optimizers/adagrad.hpp"

#include "registry/optimizers/elementwise.hpp"

namespace runner {
namespace {

template <class Scalar>
struct AdagradFormula {
  static constexpr std::size_t states = 1;
  static std::array<std::string, states> columns(const Adagrad&) { return {"sum"}; }

  AdagradFormula(const Adagrad& options, double lr, std::int64_t step)
      : rate(static_cast<Scalar>(lr / (1 + static_cast<double>(step - 1) * options.lr_decay))),
        eps(static_cast<Scalar>(options.eps)),
        weight_decay(static_cast<Scalar>(options.weight_decay)),
        maximize(options.maximize) {}

  auto changing() { return std::tie(rate); }

  void operator()(auto& weights, const auto& gradient, auto& sum) const {
    const auto along = descent(gradient, weights, weight_decay, maximize);
    sum += along * along;
    weights -= rate * (along / (root(sum) + eps));
  }

  Scalar rate, eps, weight_decay;
  bool maximize;
};

class AdagradOptimizer : public Elementwise<Adagrad, AdagradFormula> {
 public:
  AdagradOptimizer(const Adagrad& options, std::vector<Parameter> parameters)
      : Elementwise(options, std::move(parameters)) {
    for (auto& sum : column(0)) sum.fill_(options.initial_accumulator_value);
  }
};

}  // namespace

std::unique_ptr<Optimizer> build(const Adagrad& options, std::vector<Parameter> parameters) {
  return std::make_unique<AdagradOptimizer>(options, std::move(parameters));
}

}  // namespace runner
