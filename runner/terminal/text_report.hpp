#pragma once

#include "runner/terminal/report.hpp"

#include <chrono>
#include <string>

namespace runner {

/// Plain lines on standard output, and a line of progress every ten seconds.
class TextReport : public Report {
 public:
  void started(const std::string& run_id, const Recipe& recipe, const Prepared& data,
               const Launch& launch) override;
  void event(const Event& event) override;
  void progress(const Heartbeat& heartbeat) override;
  void output(const std::string& line) override;
  void stopping() override;
  void ended(const Outcome& outcome, const Heartbeat& heartbeat) override;

 protected:
  using Clock = std::chrono::steady_clock;

  virtual void print(const std::string& text);
  /// "epoch 3/14  512/938  27.8 it/s  loss 0.0312  lr 0.49  ETA 4 min 31 s", with `bar` behind the
  /// epoch.
  std::string progress_line(const Heartbeat& heartbeat, const std::string& bar = "") const;
  /// The share of this epoch's samples that are done.
  double epoch_share(const Heartbeat& heartbeat) const;
  void measure_rate(const Heartbeat& heartbeat);
  bool is_training() const { return total_steps_ > 0; }

 private:
  void print_head(const protocol::Ready& ready);
  std::string length_line() const;
  void print_layers(const std::vector<protocol::ModelLayer>& layers);
  void print_groups(const std::vector<protocol::Group>& groups);
  void print_evaluation(const protocol::Evaluated& evaluated);
  static std::string measured_line(const std::string& split, std::int64_t count,
                                   const ByName<double>& metrics);
  static void warn_of_other_masks(const protocol::Ready& ready);
  bool keeps_checkpoints() const;

  std::string run_id_, recipe_path_;
  Json config_;
  Prepared data_;
  Launch launch_;
  std::int64_t steps_per_epoch_ = 0, total_steps_ = 0, train_samples_ = 1;
  std::int64_t origin_step_ = 0;  ///< steps have had this batch size since it
  Clock::time_point started_ = Clock::now(), rate_measured_ = Clock::now(),
                    last_line_ = Clock::now();
  std::int64_t rate_step_ = 0;
  double rate_ = 0;  ///< optimizer steps a second, smoothed over some seconds
};

}  // namespace runner
