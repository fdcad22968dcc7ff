#include "runner/verify/equivalence.hpp"

#include "registry/datasets/temporary_folder.hpp"
#include "registry/kinds.hpp"
#include "runner/supervise/jobs.hpp"
#include "runner/supervise/supervisor.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

struct Silent : Observer {
  void event(const Event&) override {}
  void progress(const Heartbeat&) override {}
  void output(const std::string&) override {}
  void stopping() override { stopped = true; }

  bool stopped = false;
};

/// A file in a temporary folder of its own.
class TemporaryFile {
 public:
  fs::path path() const { return folder_.path() / "steps"; }

  std::vector<double> read() const {
    std::ifstream in(path(), std::ios::binary);
    std::vector<double> values(fs::file_size(path()) / sizeof(double));
    in.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(double)));
    return values;
  }

 private:
  TemporaryFolder folder_{"runner-verify-"};
};

Json component(const char* kind, const std::string& name) {
  Json out{{"name", name}};
  for (const auto& field : find_kind(kind)->find(name)->fields) out[field.name] = field.initial;
  return out;
}

/// The largest difference in [begin, end), relative to the largest wanted number there.
double relative(const Steps& found, const Steps& wanted, std::size_t begin, std::size_t end) {
  double difference = 0, size = 0;
  for (auto i = begin; i < end; ++i) {
    // NaN is no agreement.
    const double here = std::abs(found.values[i] - wanted.values[i]);
    difference = std::isnan(here) ? INFINITY : std::max(difference, here);
    size = std::max(size, std::abs(wanted.values[i]));
  }
  return difference == 0 ? 0 : difference / size;
}

}  // namespace

std::vector<Variant> variants(const Json& config) {
  std::vector<Variant> all{
      {"1 rank, accumulate 4", "single", 1, 4},
      {"2 ranks", "ddp", 2, 1},
      {"3 ranks", "ddp", 3, 1},
      {"4 ranks", "ddp", 4, 1},
      {"2 ranks, accumulate 3", "ddp", 2, 3},
      {"zero1, 2 ranks", "zero1", 2, 1},
      {"zero1, 3 ranks", "zero1", 3, 1},
  };
  const auto model = config.at("model").at("name").get<std::string>();
  if (find_kind("model")->find(model)->batch_statistics)
    std::erase_if(all, [](const Variant& variant) { return variant.accumulate > 1; });
  return all;
}

Distance distance(const Steps& found, const Steps& wanted) {
  if (found.values.size() != wanted.values.size() || wanted.values.empty())
    throw std::runtime_error("the variants have different numbers of weights");
  const auto count = static_cast<std::size_t>(wanted.count);
  const auto weights = (wanted.values.size() - count) / (count + 1);
  Distance result;
  for (std::size_t step = 0; step < count; ++step) {
    const auto loss = step * (1 + weights), gradients = loss + 1;
    result.loss = std::max(result.loss, relative(found, wanted, loss, gradients));
    const auto gradient = relative(found, wanted, gradients, gradients + weights);
    result.gradient = std::max(result.gradient, gradient);
    if (step == 0) result.first_gradient = gradient;
  }
  const auto end = wanted.values.size();
  result.weight = relative(found, wanted, end - weights, end);
  return result;
}

std::optional<Steps> make_steps(Json config, const Prepared& data, const Variant& variant,
                                const std::string& precision, int count, Signals& signals) {
  config["precision"] = component("precision", precision);
  config["topology"] = component("topology", variant.topology);
  config["train"]["accumulate"] = variant.accumulate;
  Launch launch;
  launch.world_size = launch.ranks_here = launch.node_ranks = variant.ranks;
  Placement placement;
  placement.device = "cpu";
  const TemporaryFile file;
  LocalRanks ranks(0, variant.ranks);
  protocol::Job job{config, data};
  job.probe = {count, file.path()};
  give_jobs(ranks, job, placement, launch, "127.0.0.1");
  Silent observer;
  Circle alone{"127.0.0.1", {}, variant.ranks};
  const auto outcome = Supervisor(ranks, alone, placement.heartbeat, signals, observer).run();
  if (observer.stopped) return std::nullopt;
  if (outcome.ending != Ending::done)
    throw std::runtime_error(fmt::format("{} in {}: {}", variant.name, precision, outcome.reason));
  return Steps{file.read(), count};
}

}  // namespace runner
