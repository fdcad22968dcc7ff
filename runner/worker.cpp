#include "registry/builders.hpp"
#include "registry/datasets/datasets.hpp"
#include "registry/optimizers/groups.hpp"
#include "registry/parallel/process_group.hpp"
#include "runner/supervise/failure.hpp"
#include "runner/supervise/worker_process.hpp"
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
#include <fmt/format.h>
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

Json ready(const Trainer& trainer, const Json& topology, const c10::Device& device) {
  return {{"event", "ready"},
          {"device", describe_device(device)},
          {"gpus", gpu_addresses(device)},
          {"versions", versions(trainer, device)},
          {"backend", choose_backend(topology.value("backend", "auto"), device)},
          {"layers", summarise(trainer.network())},
          {"groups", summarise(trainer.groups())},
          {"first_step", trainer.first_step()},
          {"masks_since", trainer.masks_since()},
          {"train_samples", trainer.train_samples()},
          {"eval_samples", trainer.eval_samples()},
          {"steps_per_epoch", trainer.length().steps_per_epoch()},
          {"origin_step", trainer.length().origin.step},
          {"total_steps", trainer.length().last_step}};
}

/// Takes this rank's part of the cores where the supervisor divides them, and sets the threads. The
/// jobs of one worker have the same part.
void use_cores(const Json& job) {
  static const int all = at::get_num_threads();
  static const auto part = job.find("cores");
  static const int cores = part == job.end() ? all : bind_to_cores(part->at(0), part->at(1));
  at::set_num_threads(job.value("threads", std::min(cores, job.value("most_threads", cores))));
}

/// The trials of a sweep mostly have the same data: what the last job had is kept.
Dataset dataset_of(const Json& job) {
  static std::string kept;
  static Dataset dataset;
  const auto& options = job.at("config").at("dataset");
  const auto wanted = options.dump() + job.at("data").dump();
  if (wanted == kept) return dataset;
  kept.clear();
  dataset = {};  // before there are two
  dataset = load_dataset(options, prepared_from_job(job.at("data")));
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

/// Why the device is not there; empty where it is.
std::string missing_device(const Json& job) try {
  choose_device(job.at("device"), job.at("local_rank"));
  return "";
} catch (const std::runtime_error& error) {
  return error.what();
}

/// Throws std::invalid_argument for a file that does not fit the network.
void try_weights(const std::filesystem::path& file, const Json& config, Network& network) try {
  WeightsReader reader(file, from_json<InitFrom>(config.at("init_from")));
  for (auto& parameter : network.named_parameters())
    reader.tensor(parameter.key(), parameter.value());
  for (auto& buffer : network.named_buffers()) reader.tensor(buffer.key(), buffer.value());
  reader.refuse_leftovers();
} catch (const std::exception& error) {
  throw std::invalid_argument(fmt::format("init_from.weights: {}", error.what()));
}

/// Why a recipe's model and optimizer cannot be built; empty where they can.
std::string misfit(const Json& job) try {
  const SingleThread single;
  const auto& config = job.at("config");
  auto network = build_model(config.at("model"), dataset_of(job).type);
  std::vector<Parameter> parameters;
  for (const auto& parameter : network->named_parameters())
    parameters.push_back({parameter.key(), parameter.value()});
  GroupedOptimizer(group_parameters(config.at("optimizer"), *network), parameters);
  if (const auto weights = job.find("init"); weights != job.end())
    try_weights(*weights, config, *network);
  return "";
} catch (const std::invalid_argument& error) {
  return error.what();
} catch (const std::exception&) {
  return "";  // no mistake of the user's: the job itself will fail
}

/// Answers before there is a run; the job itself may follow.
void check(const Json& job, Channel& channel) {
  auto mistake = missing_device(job);
  if (mistake.empty()) mistake = misfit(job);
  channel.send({{"event", "checked"}, {"mistake", mistake}});
}

Finished work(const Json& job, Channel& channel, Heartbeat& heartbeat) {
  const auto& config = job.at("config");
  use_cores(job);
  use_deterministic_algorithms(config.at("deterministic").get<bool>());
  const auto device = choose_device(job.at("device"), job.at("local_rank"));
  forget_peak_memory(device);
  auto dataset = dataset_of(job);
  limit(dataset, from_json<Train>(config.at("train")), from_json<Eval>(config.at("eval")));
  const auto ranks = meet(job, device, channel, heartbeat);
  Trainer trainer(config, dataset, device, ranks, channel, heartbeat, stop_requested);
  if (const auto wanted = job.find("probe"); wanted != job.end())
    return probe(trainer, *wanted, ranks);
  if (const auto weights = job.find("init"); weights != job.end() && !job.contains("resume"))
    trainer.begin_with(weights->get<std::string>(), from_json<InitFrom>(config.at("init_from")));
  if (const auto checkpoint = job.find("resume"); checkpoint != job.end())
    trainer.restore(checkpoint->get<std::string>());
  if (const auto folder = job.find("checkpoints"); folder != job.end())
    trainer.save_into(folder->get<std::string>());
  if (job.contains("saves_each_best")) trainer.save_each_best();
  if (const auto step = job.find("pause_at"); step != job.end()) trainer.pause_at(*step);
  if (const auto folder = job.find("diagnostics"); folder != job.end())
    trainer.diagnose_into(folder->get<std::string>(), config);
  if (device.is_cuda() && from_json<Train>(config.at("train")).cuda_graph)
    trainer.capture_with(make_cuda_graph(device));
  if (ranks.rank() == 0) channel.send(ready(trainer, config.at("topology"), device));
  return trainer.train();
}

/// Works off one job, and tells how it ended. Whether the next can come to the same process: one
/// that has failed may have left anything behind.
bool work_and_tell(const Json& job, Channel& channel, Heartbeat& heartbeat) {
  const Pulse pulse(heartbeat.pulse);
  Finished finished;
  auto kind = FailureKind::agreed;
  try {
    finished = work(job, channel, heartbeat);
  } catch (const std::invalid_argument& error) {
    finished = {"failed", error.what()};
    kind = FailureKind::mistake;
  } catch (const c10::Error& error) {
    finished = {"failed", error.what_without_backtrace()};
    kind = is_loss_of_others(error) ? FailureKind::symptom : FailureKind::exception;
  } catch (const std::exception& error) {
    finished = {"failed", error.what()};
    kind = is_loss_of_others(error) ? FailureKind::symptom : FailureKind::exception;
  }
  const bool waits = job.value("more_may_follow", false) && finished.status != "failed";
  std::fflush(nullptr);
  channel.send({{"event", "finished"},
                {"status", finished.status},
                {"reason", finished.reason},
                {"kind", static_cast<int>(kind)},
                {"waits", waits}});
  return waits;
}

int run_worker() {
  answer_the_supervisor();
  keep_freed_pages();
  Channel channel(worker_channel_fd);
  const SharedHeartbeat heartbeat(worker_heartbeat_fd);
  while (const auto job = channel.receive()) {
    if (job->contains("check"))
      check(*job, channel);
    else if (!work_and_tell(*job, channel, *heartbeat))
      break;
  }
  // Everything is told: tearing LibTorch down would only cost time.
  _exit(0);
}

}  // namespace
}  // namespace runner

int main() { return runner::run_worker(); }
