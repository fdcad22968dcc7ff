#pragma once

#include "runner/supervise/stop_source.hpp"

namespace runner {

/// Stops one run of several in this process. For use by any thread.
class StopLine : public StopSource {
 public:
  StopLine();
  ~StopLine() override;
  StopLine(const StopLine&) = delete;
  StopLine& operator=(const StopLine&) = delete;

  void request();

  int fd() const override { return fd_; }
  int take_stop_requests() override;

 private:
  int fd_;
};

}  // namespace runner
