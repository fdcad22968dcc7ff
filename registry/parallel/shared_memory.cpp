#include "registry/parallel/shared_memory.hpp"

#include "registry/parallel/part.hpp"

#include <climits>
#include <thread>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace runner {
namespace {

using Clock = std::chrono::steady_clock;
using Counter = std::atomic<std::uint32_t>;
static_assert(Counter::is_always_lock_free && sizeof(Counter) == sizeof(std::uint32_t));

constexpr std::size_t room = 64 << 20;  // bytes, of each rank
constexpr std::int64_t cache_line = 64, page = 4096;

std::int64_t rounded_up(std::int64_t bytes, std::int64_t to) { return (bytes + to - 1) / to * to; }

/// One counter for each rank, in a cache line of its own.
std::int64_t header(int size) { return rounded_up(size * cache_line, page); }

std::size_t bytes_for(int size) {
  return static_cast<std::size_t>(header(size)) + static_cast<std::size_t>(size + 1) * room;
}

std::int64_t bytes_of(const at::Tensor& tensor) {
  return rounded_up(static_cast<std::int64_t>(tensor.nbytes()), cache_line);
}

void wake_who_waits_for(Counter& counter) {
  syscall(SYS_futex, &counter, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

/// Until it no longer has the value, or until then; sometimes sooner.
void sleep_while(Counter& counter, std::uint32_t value, Clock::duration longest) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(longest);
  const timespec limit{seconds.count(), std::chrono::nanoseconds(longest - seconds).count()};
  syscall(SYS_futex, &counter, FUTEX_WAIT, value, &limit, nullptr, 0);
}

bool has_come(std::uint32_t meetings, std::uint32_t wanted) {
  return static_cast<std::int32_t>(meetings - wanted) >= 0;  // also when they have gone round
}

std::optional<SharedSegment> open_segment(c10d::ProcessGroup& group, c10d::Store& store) {
  constexpr auto key = "shared memory";
  const auto bytes = bytes_for(group.getSize());
  if (group.getRank() != 0) return SharedSegment::open(store.get_to_str(key), bytes);
  auto segment = SharedSegment::create(bytes);
  store.set(key, segment ? segment->name() : "");
  return segment;
}

bool all_have(c10d::ProcessGroup& group, bool mine) {
  std::vector<at::Tensor> without{at::full({1}, mine ? 0 : 1, at::kInt)};
  group.allreduce(without)->wait();
  return without[0].item<int>() == 0;
}

}  // namespace

std::shared_ptr<SharedMemory> SharedMemory::meet(c10d::ProcessGroup& group, c10d::Store& store,
                                                 std::chrono::milliseconds timeout) {
  auto segment = open_segment(group, store);
  if (!all_have(group, segment.has_value())) return nullptr;
  return std::shared_ptr<SharedMemory>(
      new SharedMemory(std::move(*segment), group.getRank(), group.getSize(), timeout));
}

bool SharedMemory::has_room_for(const std::vector<at::Tensor>& tensors) const {
  std::int64_t bytes = 0;
  for (const auto& tensor : tensors) {
    if (!tensor.device().is_cpu()) return false;
    bytes += bytes_of(tensor);
  }
  return bytes <= static_cast<std::int64_t>(room);
}

std::vector<at::Tensor> SharedMemory::sum(const std::vector<at::Tensor>& tensors) {
  const at::NoGradGuard no_grad;
  std::vector<std::int64_t> offsets{0};
  std::vector<at::Tensor> own, sums;
  for (const auto& tensor : tensors) {
    own.push_back(tensor.contiguous().view(-1));
    sums.push_back(view(size_, offsets.back(), tensor));
    offsets.push_back(offsets.back() + bytes_of(tensor));
  }
  const auto part = [&](const at::Tensor& tensor, int rank) {
    const auto [begin, end] = part_of({0, tensor.numel()}, rank, size_);
    return tensor.slice(0, begin, end);
  };

  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto laid_down = view(rank_, offsets[i], own[i]);
    for (int other = 0; other < size_; ++other)
      if (other != rank_) part(laid_down, other).copy_(part(own[i], other));
  }
  wait_for_all();
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto of = [&](int rank) {
      return part(rank == rank_ ? own[i] : view(rank, offsets[i], own[i]), rank_);
    };
    auto sum = part(sums[i], rank_);
    at::add_out(sum, of(0), of(1));
    for (int rank = 2; rank < size_; ++rank) sum.add_(of(rank));
  }
  wait_for_all();
  return sums;
}

void SharedMemory::take_from_owners(const std::vector<std::vector<at::Tensor>>& owned) {
  const at::NoGradGuard no_grad;
  const auto copy = [&](int owner, auto copy_one) {
    std::int64_t offset = 0;
    for (auto tensor : owned[static_cast<std::size_t>(owner)]) {
      copy_one(tensor, view(owner, offset, tensor).view_as(tensor));
      offset += bytes_of(tensor);
    }
  };
  copy(rank_, [](const at::Tensor& mine, const at::Tensor& laid_down) { laid_down.copy_(mine); });
  wait_for_all();
  for (int owner = 0; owner < size_; ++owner)
    if (owner != rank_)
      copy(owner, [](at::Tensor& mine, const at::Tensor& laid_down) { mine.copy_(laid_down); });
  wait_for_all();  // until then nobody may lay down anything else
}

Counter& SharedMemory::meetings_of(int rank) const {
  return *reinterpret_cast<Counter*>(segment_.data() + rank * cache_line);
}

at::Tensor SharedMemory::view(int owner, std::int64_t offset, const at::Tensor& like) const {
  auto* begin = segment_.data() + header(size_) + owner * static_cast<std::int64_t>(room) + offset;
  return at::from_blob(begin, {like.numel()}, like.options().requires_grad(false));
}

void SharedMemory::wait_for_all() {
  auto& mine = meetings_of(rank_);
  mine.store(++meetings_, std::memory_order_release);
  wake_who_waits_for(mine);
  for (int rank = 0; rank < size_; ++rank) wait_for(rank);
}

/// Ranks that have a core each come within a few microseconds of each other when they add up
/// little.
void SharedMemory::wait_for(int rank) const {
  constexpr int looks = 200;
  auto& counter = meetings_of(rank);
  const auto deadline = Clock::now() + timeout_;
  for (int look = 0;; ++look) {
    const auto meetings = counter.load(std::memory_order_acquire);
    if (has_come(meetings, meetings_)) return;
    if (look < looks) {
      std::this_thread::yield();
      continue;
    }
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero())
      throw RankMissing(fmt::format("rank {} has not come to a sum within {:g} s", rank,
                                    std::chrono::duration<double>(timeout_).count()));
    sleep_while(counter, meetings, left);
  }
}

}  // namespace runner
