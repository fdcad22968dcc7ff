#include "experiments/say.hpp"
#include "registry/builders.hpp"
#include "registry/datasets/datasets.hpp"
#include "registry/field_error.hpp"
#include "registry/optimizers/groups.hpp"
#include "registry/parallel/process_group.hpp"
#include "runner/protocol/description.hpp"
#include "runner/train/cause.hpp"
#include "runner/train/cores.hpp"
#include "runner/train/device.hpp"
#include "runner/train/limits.hpp"
#include "runner/train/probe.hpp"
#include "runner/train/pulse.hpp"
#include "runner/train/rendezvous.hpp"
#include "runner/train/summary.hpp"
#include "runner/train/trainer.hpp"
#include "runner/train/weights_reader.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <stdexcept>

#include <ATen/Parallel.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace runner {
namespace {

std::atomic<bool> stop_requested{false};

/// The other end of the channel was made by the supervisor: it is the parent, unless it has died.
bool supervisor_is_gone() {
  ucred maker{};
  socklen_t size = sizeof maker;
  return getsockopt(worker_channel_fd, SOL_SOCKET, SO_PEERCRED, &maker, &size) == 0 &&
         maker.pid != getppid();
}

/// A worker lives no longer than its supervisor, and stops between two steps when told.
void answer_the_supervisor() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // It may have died while LibTorch was loaded, with a job sent already.
  if (supervisor_is_gone()) _exit(0);
  struct sigaction stop {};
  stop.sa_handler = [](int) { stop_requested = true; };
  stop.sa_flags = SA_RESTART;
  sigaction(SIGTERM, &stop, nullptr);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_UNBLOCK, &signals, nullptr);
  signal(SIGINT, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

/// A step frees and takes the same large activations again; glibc would give their pages back to
/// the kernel in between and fault them in anew. Measured: 27 it/s instead of 21 with the MNIST
/// network.
void keep_freed_pages() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, -1);
}

/// Of what bears on the run's numbers.
Json versions(const Trainer& trainer, const c10::Device& device) {
  auto versions = library_versions(device);
  if (trainer.masks_since() > 0)
    versions["dropout"] = fmt::format("other masks after step {}", trainer.masks_since());
  return versions;
}

protocol::Ready ready(const Trainer& trainer, const Json& topology, const c10::Device& device) {
  return {describe_device(device),
          gpu_addresses(device),
          versions(trainer, device),
          choose_backend(topology.value("backend", "auto"), device),
          summarise(trainer.network()),
          summarise(trainer.groups()),
          trainer.first_step(),
          trainer.masks_since(),
          trainer.train_samples(),
          trainer.eval_samples(),
          trainer.length().steps_per_epoch(),
          trainer.length().origin.step,
          trainer.length().last_step};
}

/// Takes this rank's part of the cores where the supervisor divides them, and sets the threads. The
/// jobs of one worker have the same part.
void use_cores(const protocol::Place& place) {
  static const int all = at::get_num_threads();
  static const auto part = place.cores;
  static const std::int64_t cores = part ? bind_to_cores(part->part, part->parts) : all;
  const auto threads = place.threads.value_or(std::min(cores, place.most_threads.value_or(cores)));
  at::set_num_threads(static_cast<int>(threads));
}

/// The trials of a sweep mostly have the same data: what the last job had is kept.
Dataset dataset_of(const Json& config, const Prepared& data) {
  static std::string kept;
  static Dataset dataset;
  const auto& options = config.at("dataset");
  const auto wanted = options.dump() + Wire<Prepared>::write(data).dump();
  if (wanted == kept) return dataset;
  kept.clear();
  dataset = {};  // before there are two
  dataset = load_dataset(options, data);
  kept = wanted;
  return dataset;
}

/// One thread: those of a pool would keep the cores that they begin on, which a job may change.
class SingleThread {
 public:
  SingleThread() { at::set_num_threads(1); }
  ~SingleThread() { at::set_num_threads(before_); }
  SingleThread(const SingleThread&) = delete;
  SingleThread& operator=(const SingleThread&) = delete;

 private:
  int before_ = at::get_num_threads();
};

/// Throws FieldError for a file that does not fit the network.
void try_weights(const std::filesystem::path& file, const Json& config, Network& network) try {
  WeightsReader reader(file, from_json<InitFrom>(config.at("init_from")));
  for (auto& parameter : network.named_parameters())
    reader.tensor(parameter.key(), parameter.value());
  for (auto& buffer : network.named_buffers()) reader.tensor(buffer.key(), buffer.value());
  reader.refuse_leftovers();
} catch (const std::exception& error) {
  throw FieldError("init_from.weights", error.what());
}

void try_to_build(const protocol::Check& check) {
  const SingleThread single;
  const auto& config = check.config;
  auto network = build_model(config.at("model"), dataset_of(config, check.data).type);
  std::vector<Parameter> parameters;
  for (const auto& parameter : network->named_parameters())
    parameters.push_back({parameter.key(), parameter.value()});
  GroupedOptimizer(group_parameters(config.at("optimizer"), *network), parameters);
  if (check.init) try_weights(*check.init, config, *network);
}

/// The user's mistake in what the recipe names, if there is one.
std::optional<Mistake> find_mistake(const protocol::Check& check) {
  try {
    choose_device(check.device, check.local_rank);
  } catch (const std::runtime_error& error) {
    return Mistake{"", error.what()};
  }
  try {
    try_to_build(check);
  } catch (const std::exception& error) {
    const auto cause = cause_of(error);
    // What is no mistake, the job itself will fail of.
    if (const auto* mistake = std::get_if<Mistake>(&cause)) return *mistake;
  }
  return std::nullopt;
}

Finished work(const protocol::Job& job, Channel& channel, Heartbeat& heartbeat) {
  const auto& config = job.config;
  use_cores(job.place);
  use_deterministic_algorithms(config.at("deterministic").get<bool>());
  const auto device = choose_device(job.place.device, job.place.local_rank);
  forget_peak_memory(device);
  auto dataset = dataset_of(config, job.data);
  limit(dataset, from_json<Train>(config.at("train")), from_json<Eval>(config.at("eval")));
  const auto ranks = meet(job, device, channel, heartbeat);
  Trainer trainer(config, dataset, device, ranks, channel, heartbeat, stop_requested);
  if (job.probe) {
    probe(trainer, *job.probe, ranks);
    return {Ending::done};
  }
  const auto& files = job.files;
  if (files.init && !files.resume)
    trainer.begin_with(*files.init, from_json<InitFrom>(config.at("init_from")));
  if (files.resume) trainer.restore(*files.resume);
  if (files.checkpoints) trainer.save_into(*files.checkpoints);
  if (files.saves_each_best) trainer.save_each_best();
  if (job.pause_at) trainer.pause_at(*job.pause_at);
  if (files.diagnostics) trainer.diagnose_into(*files.diagnostics, config);
  if (device.is_cuda() && from_json<Train>(config.at("train")).cuda_graph)
    trainer.capture_with(make_cuda_graph(device));
  if (ranks.rank() == 0) channel.send(ready(trainer, config.at("topology"), device));
  return trainer.train();
}

/// Works off one job, and tells how it ended. Whether the next can come to the same process: one
/// that has failed may have left anything behind.
bool work_and_tell(const protocol::Job& job, Channel& channel, Heartbeat& heartbeat) {
  const Pulse pulse(heartbeat.pulse);
  Finished finished;
  try {
    finished = work(job, channel, heartbeat);
  } catch (const std::exception& error) {
    finished = {Ending::failed, "", cause_of(error)};
  }
  finished.waits = job.more_may_follow && finished.ending != Ending::failed;
  std::fflush(nullptr);
  channel.send(finished);
  return finished.waits;
}

/// Whether another message may come.
bool answer(const protocol::ToWorker& message, Channel& channel, Heartbeat& heartbeat) {
  if (const auto* job = std::get_if<protocol::Job>(&message))
    return work_and_tell(*job, channel, heartbeat);
  if (const auto* check = std::get_if<protocol::Check>(&message))
    channel.send(protocol::Checked{find_mistake(*check)});
  return true;
}

/// Each end begins with the version of its messages.
void greet(Channel& channel) {
  channel.send(protocol::Hello{protocol::version()});
  const auto first = channel.receive();
  if (!first) _exit(0);
  const auto other = protocol::other_version(*first, "runner", "runner-worker");
  if (!other.empty()) throw std::runtime_error(other);
}

int run_worker() {
  answer_the_supervisor();
  keep_freed_pages();
  Channel channel(worker_channel_fd);
  const SharedHeartbeat heartbeat(worker_heartbeat_fd);
  greet(channel);
  while (const auto message = channel.receive())
    if (!answer(read_message<protocol::ToWorker>(*message), channel, *heartbeat)) break;
  // Everything is told: tearing LibTorch down would only cost time.
  _exit(0);
}

}  // namespace
}  // namespace runner

int main() {
  try {
    return runner::run_worker();
  } catch (const std::exception& error) {
    runner::say("runner-worker: {}\n", error.what());
    return 1;
  }
}
