#pragma once

#include "registry/parallel/ranks.hpp"
#include "registry/parallel/strategy.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <torch/csrc/distributed/c10d/reducer.hpp>

namespace runner {

class StatisticsScope;

struct DataParallelOptions {
  double bucket_mb = 25;
  bool find_unused_parameters = false;
  bool static_graph = false;
  bool gradient_as_bucket_view = true;
  std::string compression = "none";
  bool sync_batchnorm = true;
};

/// Sums gradients over ranks in buckets while backward goes on, by c10d's Reducer. The step's loss
/// and the wish to stop travel in the buckets, too, as the gradient of a parameter of three
/// numbers.
class DataParallel : public Strategy {
 public:
  /// Takes the weights of rank 0. Throws std::runtime_error where another rank has other
  /// parameters.
  DataParallel(const DataParallelOptions& options, Network& network, const Ranks& ranks);
  ~DataParallel() override;

  void begin_step(const Wishes& wishes) override;
  void backward(const at::Tensor& loss_sum, double divisor, bool last) override;
  at::Tensor loss_sum() const override { return totals_[0]; }
  Wishes agreed() const override;
  void agree_on_buffers() override;

 protected:
  const Ranks& ranks() const { return ranks_; }

 private:
  void make_reducer();
  void add_gradients(const at::Tensor& loss);
  void refuse_unused_parameters() const;

  DataParallelOptions options_;
  const Ranks& ranks_;
  std::vector<at::Tensor> tensors_;  ///< of the parameters
  std::vector<at::Tensor> buffers_;
  at::Tensor tally_;   ///< its gradient is [loss sum, wishes to stop, seconds of rank 0]
  at::Tensor totals_;  ///< that gradient, summed over ranks
  Wishes wishes_;
  bool first_step_ = true;
  std::unique_ptr<c10d::Reducer> reducer_;
  std::unique_ptr<StatisticsScope> statistics_;
};

}  // namespace runner
