#include "experiments/patience.hpp"

#include "experiments/error.hpp"

#include <chrono>
#include <thread>

namespace runner {

void write_with_patience(const std::function<void()>& write) {
  using std::chrono::milliseconds;
  for (const auto pause : {milliseconds(200), milliseconds(1000), milliseconds(4000)}) try {
      return write();
    } catch (const StoreError&) {
      std::this_thread::sleep_for(pause);
    }
  write();
}

}  // namespace runner
