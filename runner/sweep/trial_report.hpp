#pragma once

#include "runner/record/checkpoints.hpp"
#include "runner/sweep/board.hpp"
#include "runner/terminal/report.hpp"

#include <functional>
#include <string>

namespace runner {

/// What a trial tells of itself, for the board, and for whoever may stop it.
class TrialReport : public Report {
 public:
  /// `measured` gets the curve of the sweep's metric after each evaluation.
  using Measured = std::function<void(const LearningCurve& curve)>;

  TrialReport(Board& board, std::int64_t number, std::string metric, Measured measured, Warn warn)
      : board_(board),
        number_(number),
        metric_(std::move(metric)),
        measured_(std::move(measured)),
        warn_(std::move(warn)) {}

  void started(const std::string&, const Recipe&, const Prepared&, const Launch&) override {}
  void event(const Event& event) override;
  void progress(const Heartbeat& heartbeat) override { board_.progressed(number_, heartbeat); }
  void output(const std::string&) override {}  // it is in the run's log
  void stopping() override {}
  void ended(const Outcome&, const Heartbeat&) override {}

 private:
  void note(const protocol::Evaluated& evaluated);

  Board& board_;
  std::int64_t number_;
  std::string metric_;
  Measured measured_;
  Warn warn_;
  LearningCurve curve_;
};

}  // namespace runner
