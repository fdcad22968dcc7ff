#include "runner/train/profiler.hpp"

#include "experiments/permissions.hpp"
#include "runner/train/device.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <stdlib.h>
#include <torch/csrc/autograd/profiler_kineto.h>

namespace runner {
namespace {

namespace kineto = torch::autograd::profiler;
using torch::profiler::impl::ActivityType;
using torch::profiler::impl::ProfilerConfig;
using torch::profiler::impl::ProfilerState;

constexpr std::size_t most_operations = 15;

struct Span {
  std::string name;
  std::uint64_t thread, begin, end, inside = 0;  ///< ns; inside: in spans that this one encloses
};

struct Cost {
  std::int64_t calls = 0;
  std::uint64_t self = 0, total = 0;
};

std::vector<Span> spans_on(const kineto::ProfilerResult& result, c10::DeviceType device) {
  std::vector<Span> spans;
  for (const auto& event : result.events())
    if (event.deviceType() == device && !event.isAsync() && event.endNs() >= event.startNs())
      spans.push_back({event.name(),
                       device == c10::kCPU ? event.startThreadId()
                                           : static_cast<std::uint64_t>(event.deviceResourceId()),
                       event.startNs(), event.endNs()});
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return std::tie(a.thread, a.begin, b.end) < std::tie(b.thread, b.begin, a.end);
  });
  return spans;
}

/// Takes the time of enclosed operations from those around them.
std::map<std::string, Cost> costs(std::vector<Span> spans) {
  std::vector<Span*> open;
  for (auto& span : spans) {
    while (!open.empty() && (open.back()->thread != span.thread || open.back()->end <= span.begin))
      open.pop_back();
    if (!open.empty()) open.back()->inside += span.end - span.begin;
    open.push_back(&span);
  }
  std::map<std::string, Cost> out;
  for (const auto& span : spans) {
    auto& cost = out[span.name];
    const auto whole = span.end - span.begin;
    cost.calls += 1;
    cost.total += whole;
    cost.self += whole - std::min(whole, span.inside);
  }
  return out;
}

std::vector<protocol::ProfiledOperation> largest(const std::map<std::string, Cost>& costs,
                                                 std::int64_t steps) {
  std::vector<std::pair<std::string, Cost>> sorted(costs.begin(), costs.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second.self > b.second.self; });
  sorted.resize(std::min(sorted.size(), most_operations));
  const auto per_step = [&](auto number) {
    return static_cast<double>(number) / static_cast<double>(steps);
  };
  std::vector<protocol::ProfiledOperation> rows;
  for (const auto& [name, cost] : sorted)
    rows.push_back(
        {name, per_step(cost.calls), per_step(cost.self) / 1000, per_step(cost.total) / 1000});
  return rows;
}

}  // namespace

Profiler::Profiler(const Profile& options, std::filesystem::path folder, int rank,
                   c10::Device device)
    : options_(options), folder_(std::move(folder)), rank_(rank), device_(device) {}

std::optional<Event> Profiler::between_steps(std::int64_t done) {
  if (options_.steps == 0) return std::nullopt;
  if (done == options_.skip) begin();
  if (done == options_.skip + options_.steps) return finish(done);
  return std::nullopt;
}

std::optional<Event> Profiler::finish(std::int64_t done) {
  if (!std::exchange(running_, false)) {
    if (options_.steps == 0 || done > options_.skip) return std::nullopt;
    return protocol::NotProfiled{done, options_.skip};
  }
  return end(done - options_.skip);
}

void Profiler::begin() {
  std::set<ActivityType> activities{ActivityType::CPU};
  if (device_.is_cuda()) activities.insert(ActivityType::CUDA);
  const ProfilerConfig config(ProfilerState::KINETO);
  setenv("KINETO_LOG_LEVEL", "5", 0);  // it would complain of a machine without a GPU
  wait_for(device_);
  kineto::prepareProfiler(config, activities);
  kineto::enableProfiler(config, activities);
  running_ = true;
}

protocol::Profiled Profiler::end(std::int64_t steps) {
  wait_for(device_);
  const auto result = kineto::disableProfiler();
  std::error_code ignored;
  make_folder(folder_, ignored);
  const auto trace = folder_ / fmt::format("trace-rank{}.json", rank_);
  result->save(trace.string());  // makes a file of its own
  std::filesystem::permissions(trace, std::filesystem::perms(file_permissions()), ignored);
  return {trace.string(), steps, device_.is_cuda() ? "kernel" : "operation",
          largest(costs(spans_on(*result, device_.type())), std::max<std::int64_t>(steps, 1))};
}

}  // namespace runner
