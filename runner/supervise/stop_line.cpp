#include "runner/supervise/stop_line.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace runner {

StopLine::StopLine() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "cannot make an eventfd");
}

StopLine::~StopLine() { close(fd_); }

void StopLine::request() { eventfd_write(fd_, 1); }

int StopLine::take_stop_requests() {
  eventfd_t requests = 0;
  return eventfd_read(fd_, &requests) == 0 ? static_cast<int>(requests) : 0;
}

}  // namespace runner
