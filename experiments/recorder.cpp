#include "experiments/recorder.hpp"

#include "experiments/patience.hpp"
#include "experiments/store.hpp"
#include "experiments/writer.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <span>
#include <thread>
#include <utility>

namespace runner {
namespace {

constexpr auto interval = std::chrono::milliseconds(200);
constexpr std::size_t batch_size = 100'000;
constexpr std::size_t queue_limit = 1'000'000;

/// While a transaction lasts, no other process writes.
constexpr auto longest_transaction = std::chrono::milliseconds(200);
constexpr std::size_t least_points = 1'000, first_points = 10'000;

/// Between two transactions. Who waits for the lock looks for it every few milliseconds, and would
/// hardly ever find it free beside a full queue.
void give_way() { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

}  // namespace

/// What a failed write leaves behind is not gone on with.
struct Recorder::Connection {
  explicit Connection(const std::filesystem::path& database, const std::string& run_id)
      : store(Store::open_to_write(database)), writer(store.database(), run_id) {}

  Store store;
  Writer writer;
  std::size_t metrics = 0;                 // that the writer knows
  std::size_t most_points = first_points;  // of the next transaction

  /// A transaction with so many points has taken so long.
  void adapt(std::size_t points, std::chrono::steady_clock::duration time) {
    if (time > longest_transaction)
      most_points = std::max(most_points / 2, least_points);
    else if (points >= most_points)
      most_points = std::min(most_points * 2, batch_size);
  }
};

Recorder::Recorder(std::filesystem::path database, std::string run_id)
    : database_(std::move(database)), run_id_(std::move(run_id)) {
  queue_.reserve(batch_size);
  writer_ = std::thread([this] { write_until_closed(); });
}

Recorder::~Recorder() { close(); }

void Recorder::record(std::string_view metric, std::int64_t step, double epoch, double value,
                      std::int64_t time) {
  std::unique_lock lock(mutex_);
  throw_error();
  if (queue_.size() >= queue_limit) {
    written_.wait(lock, [&] { return queue_.size() < queue_limit || error_; });
    throw_error();
  }
  queue_.push_back({series_of(metric), step, epoch, value, time});
  ++count_recorded_;
  if (queue_.size() == batch_size) wake_writer_.notify_one();
}

std::uint32_t Recorder::series_of(std::string_view metric) {
  if (const auto known = series_.find(metric); known != series_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(series_.size());
  new_metrics_.emplace_back(metric);
  series_.emplace(metric, number);
  return number;
}

void Recorder::add(Checkpoint checkpoint) {
  const std::lock_guard lock(mutex_);
  throw_error();
  checkpoints_.push_back(std::move(checkpoint));
  ++count_recorded_;
}

void Recorder::add(CountMatrix matrix) {
  const std::lock_guard lock(mutex_);
  throw_error();
  matrices_.push_back(std::move(matrix));
  ++count_recorded_;
}

void Recorder::flush() {
  std::unique_lock lock(mutex_);
  flushing_ = true;
  wake_writer_.notify_one();
  written_.wait(lock, [&, target = count_recorded_] { return count_written_ >= target || error_; });
  throw_error();
}

void Recorder::finish(Status status, std::string_view reason) {
  {
    const std::lock_guard lock(mutex_);
    throw_error();
    end_ = End{status, std::string(reason), now_ms()};
  }
  close();
  throw_error();
}

void Recorder::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake_writer_.notify_one();
  }
  if (writer_.joinable()) writer_.join();
}

void Recorder::write_until_closed() try {
  Batch batch;
  do {
    take(batch);
    write_at_last(batch);
    tell_written(batch);
    if (!batch.is_last) give_way();
  } while (!batch.is_last);
} catch (const std::exception& error) {
  end_as_failed(error.what());
  const std::lock_guard lock(mutex_);
  error_ = std::current_exception();
  written_.notify_all();
}

void Recorder::write_at_last(Batch& batch) {
  metrics_.insert(metrics_.end(), batch.new_metrics.begin(), batch.new_metrics.end());
  const auto write_part = [this](Batch& part) {
    write_with_patience([&] {
      try {
        write(part);
      } catch (const StoreError&) {
        connection_.reset();
        throw;
      }
    });
  };
  std::span<const SeriesPoint> rest = batch.points;
  const auto most = [this] { return connection_ ? connection_->most_points : first_points; };
  for (Batch part; rest.size() > most(); rest = rest.subspan(part.points.size())) {
    const auto next = rest.first(most());
    part.points.assign(next.begin(), next.end());
    write_part(part);
    tell_written(part);
    give_way();
  }
  batch.points.erase(batch.points.begin(), batch.points.end() - std::ssize(rest));
  write_part(batch);
}

void Recorder::write(Batch& batch) {
  if (batch.is_empty()) return;
  if (!connection_) connection_ = std::make_unique<Connection>(database_, run_id_);
  auto& store = connection_->store;
  auto& writer = connection_->writer;
  auto& metrics = connection_->metrics;
  // Points alone do not wait for the disk: what goes on from a checkpoint makes them again.
  store.database().set_durable(!batch.checkpoints.empty() || batch.end);
  Transaction transaction(store.database());
  const auto begin = std::chrono::steady_clock::now();
  for (; metrics < metrics_.size(); ++metrics) writer.add_series(metrics_[metrics]);
  writer.write(batch.points);
  for (const auto& checkpoint : batch.checkpoints) writer.add(checkpoint);
  for (const auto& matrix : batch.matrices) write_matrix(store.database(), run_id_, matrix);
  if (batch.end) writer.end(batch.end->status, batch.end->reason, batch.end->time);
  transaction.commit();
  connection_->adapt(batch.points.size(), std::chrono::steady_clock::now() - begin);
}

void Recorder::tell_written(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  count_written_ += batch.points.size() + batch.checkpoints.size() + batch.matrices.size();
  written_.notify_all();
}

void Recorder::end_as_failed(std::string_view reason) const try {
  const auto store = Store::open_to_write(database_);
  Writer(store.database(), run_id_).end(Status::failed, reason, now_ms());
} catch (const StoreError&) {
  // Nothing can be written: the run has crashed, for all that the store knows.
}

// The two vectors of points change places, so neither is ever allocated anew.
void Recorder::take(Batch& batch) {
  std::unique_lock lock(mutex_);
  wake_writer_.wait_for(lock, interval,
                        [&] { return closed_ || flushing_ || queue_.size() >= batch_size; });
  flushing_ = false;
  batch.points.clear();
  batch.points.swap(queue_);
  batch.new_metrics = std::exchange(new_metrics_, {});
  batch.checkpoints = std::exchange(checkpoints_, {});
  batch.matrices = std::exchange(matrices_, {});
  batch.end = std::exchange(end_, {});
  batch.is_last = closed_;
  written_.notify_all();
}

void Recorder::throw_error() const {
  if (error_) std::rethrow_exception(error_);
}

}  // namespace runner
