#pragma once

#include "runner/terminal/text_report.hpp"

namespace runner {

/// The same lines with a progress bar below them, for a terminal.
class BarReport : public TextReport {
 public:
  void progress(const Heartbeat& heartbeat) override;
  void output(const std::string& line) override;
  void ended(const Outcome& outcome, const Heartbeat& heartbeat) override;

 protected:
  void print(const std::string& text) override;

 private:
  void erase_bar();
  bool bar_shown_ = false;
};

}  // namespace runner
