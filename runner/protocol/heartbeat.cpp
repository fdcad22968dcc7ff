#include "runner/protocol/heartbeat.hpp"

#include <cerrno>
#include <new>
#include <system_error>

#include <sys/mman.h>
#include <unistd.h>

namespace runner {

SharedHeartbeat::SharedHeartbeat() : fd_(memfd_create("runner-heartbeat", MFD_CLOEXEC)) {
  if (fd_ < 0 || ftruncate(fd_, sizeof(Heartbeat)) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make shared memory");
  map();
  new (heartbeat_) Heartbeat;
}

SharedHeartbeat::SharedHeartbeat(int fd) : fd_(fd) { map(); }

void SharedHeartbeat::map() {
  void* memory = mmap(nullptr, sizeof(Heartbeat), PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (memory == MAP_FAILED)
    throw std::system_error(errno, std::generic_category(), "cannot map shared memory");
  heartbeat_ = static_cast<Heartbeat*>(memory);
}

SharedHeartbeat::~SharedHeartbeat() {
  munmap(heartbeat_, sizeof(Heartbeat));
  close(fd_);
}

}  // namespace runner
