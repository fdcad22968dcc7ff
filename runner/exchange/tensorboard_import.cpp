#include "runner/exchange/tensorboard_import.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/digest.hpp"
#include "runner/exchange/event_file.hpp"
#include "runner/exchange/given_up.hpp"
#include "runner/exchange/hparams_file.hpp"
#include "runner/exchange/read_text.hpp"
#include "runner/exchange/tensorboard.pb.h"
#include "runner/exchange/whole_number.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <span>

#include <fmt/format.h>

namespace runner {
namespace {

namespace tb = tensorboard;
namespace fs = std::filesystem;

template <class Number>
std::optional<double> first(const std::string& content) {
  Number number = 0;
  if (content.size() != sizeof number) return std::nullopt;
  std::memcpy(&number, content.data(), sizeof number);
  return static_cast<double>(number);
}

/// The one number in a tensor, as a list of one or as bytes.
std::optional<double> only_value(const tb::Tensor& tensor) {
  const auto either = [&](const auto& values) -> std::optional<double> {
    using Number = typename std::decay_t<decltype(values)>::value_type;
    if (values.size() == 1) return static_cast<double>(values.Get(0));
    return first<Number>(tensor.content());
  };
  switch (tensor.dtype()) {
    case tb::Tensor::FLOAT:
      return either(tensor.float_values());
    case tb::Tensor::DOUBLE:
      return either(tensor.double_values());
    case tb::Tensor::INT32:
      return either(tensor.int_values());
    case tb::Tensor::INT64:
      return either(tensor.int64_values());
    default:
      return std::nullopt;
  }
}

Json to_json(const tb::HParam& value) {
  switch (value.kind_case()) {
    case tb::HParam::kNumber: {
      const auto whole = whole_number(value.number());
      return whole ? Json(*whole) : Json(value.number());
    }
    case tb::HParam::kText:
      return value.text();
    case tb::HParam::kBoolean:
      return value.boolean();
    default:
      return nullptr;
  }
}

struct Scalar {
  std::size_t event;  ///< its number among all events
  std::uint32_t series;
  std::int64_t step, time;
  double value;
};

/// Takes what is of use from events, one after another.
class EventReader {
 public:
  struct Uses {
    std::function<void(const Scalar&)> scalar;
    /// A session began anew at this step.
    std::function<void(std::size_t event, std::int64_t step)> start = [](auto, auto) {};
  };

  explicit EventReader(Uses uses) : uses_(std::move(uses)) {}

  /// Throws UserError for an event whose time is none.
  void read(const tb::Event& event) {
    const auto whole = whole_number(std::trunc(event.wall_time() * 1000));
    if (!whole) throw UserError(fmt::format("its time is {} s", event.wall_time()));
    const auto time = *whole;
    ++events_;
    started_ = started_ == 0 ? time : std::min(started_, time);
    ended_ = std::max(ended_, time);
    if (event.session_log().status() == tb::SessionLog::START) uses_.start(events_, event.step());
    for (const auto& value : event.summary().value()) read(event.step(), time, value);
  }

  /// What was read, but for the points.
  void move_into(Imported& run) {
    run.started = started_;
    run.ended = ended_;
    run.metrics = std::move(metrics_);
    run.config = std::move(config_);
  }

 private:
  void read(std::int64_t step, std::int64_t time, const tb::Summary::Value& value) {
    // Only the first value of a tag tells to which plugin it belongs.
    const auto& data = value.metadata().plugin_data();
    if (!data.plugin_name().empty()) plugins_.try_emplace(value.tag(), data.plugin_name());
    const auto known = plugins_.find(value.tag());
    const auto plugin = known == plugins_.end() ? "" : known->second;
    if (plugin == "hparams") return read_hparams(data.content());
    const auto number = value.has_simple_value() ? std::optional<double>(value.simple_value())
                        : plugin == "scalars"    ? only_value(value.tensor())
                                                 : std::nullopt;
    if (!number) return;
    const auto series = series_.try_emplace(value.tag(), metrics_.size());
    if (series.second) metrics_.push_back(value.tag());
    uses_.scalar({events_, static_cast<std::uint32_t>(series.first->second), step, time, *number});
  }

  void read_hparams(const std::string& content) {
    tb::HParams told;
    if (!told.ParseFromString(content)) return;
    for (const auto& [name, value] : told.session_start().hparams()) config_[name] = to_json(value);
  }

  const Uses uses_;
  std::size_t events_ = 0;
  std::int64_t started_ = 0, ended_ = 0;
  Json config_ = Json::object();
  std::vector<std::string> metrics_;
  std::map<std::string, std::string> plugins_;  // by tag
  std::map<std::string, std::size_t> series_;
};

void read_event(std::string_view message, const std::string& which, EventReader& reader) {
  tb::Event event;
  if (!event.ParseFromArray(message.data(), static_cast<int>(message.size())))
    throw UserError(fmt::format("{} is none", which));
  try {
    reader.read(event);
  } catch (const UserError& error) {
    throw UserError(fmt::format("{}: {}", which, error.what()));
  }
}

std::vector<fs::path> event_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() &&
        entry.path().filename().string().find("tfevents") != std::string::npos)
      files.push_back(entry.path());
  std::ranges::sort(files);  // by the times in their names
  return files;
}

/// Reads a folder's event files three times: what is in them, what of that stays, and the points.
class EventFiles {
 public:
  explicit EventFiles(fs::path folder) : folder_(std::move(folder)) {
    for (auto& file : event_files(folder_))
      files_.push_back({std::move(file), std::numeric_limits<std::uint64_t>::max()});
    EventReader all(
        {[](const Scalar&) {}, [this](auto event, auto step) { given_up_.add(event, step); }});
    for (auto& [file, bytes] : files_) bytes = pass(file, bytes, all, &sum_);
    given_up_.complete();
    all.move_into(found_);
    find_what_has_no_steps();
  }

  const Imported& found() const { return found_; }

  /// What is beside the files counts, too. To be called once.
  std::string digest(const std::string& beside) {
    beside_ = beside;
    return digest_ = end_of(sum_);
  }

  void for_each_point(const Imported::UsePoint& use) const {
    auto next_steps = std::vector<std::int64_t>(found_.metrics.size(), 0);
    EventReader reader({[&](const Scalar& scalar) {
      if (given_up_.contains(scalar.event, scalar.step)) return;
      const auto& [event, series, step, time, value] = scalar;
      if (series >= next_steps.size()) refuse_changed(folder_);
      use({series, has_steps_[series] ? step : next_steps[series]++,
           std::numeric_limits<double>::quiet_NaN(), value, time});
    }});
    Sha256 sum;
    for (const auto& [file, bytes] : files_) pass(file, bytes, reader, &sum);
    if (end_of(sum) != digest_) refuse_changed(folder_);
  }

 private:
  struct File {
    fs::path path;
    std::uint64_t bytes;  ///< that were there when it was first read
  };

  /// Gives how many bytes were read.
  static std::uint64_t pass(const fs::path& file, std::uint64_t bytes, EventReader& reader,
                            Sha256* sum = nullptr) {
    std::int64_t number = 0;
    return for_each_frame(
        file,
        [&](std::string_view message) {
          read_event(message, fmt::format("{}, event {}", file.string(), ++number), reader);
          if (sum) sum->update(std::as_bytes(std::span(message)));
        },
        bytes);
  }

  std::string end_of(Sha256& sum) const {
    sum.update(std::as_bytes(std::span(std::string_view(beside_))));
    return sum.hex();
  }

  /// Writers that name no step leave it at 0: one point would take the place of the other.
  void find_what_has_no_steps() {
    std::vector<std::int64_t> counts(found_.metrics.size(), 0);
    has_steps_.assign(found_.metrics.size(), false);
    EventReader staying({[&](const Scalar& scalar) {
      if (given_up_.contains(scalar.event, scalar.step)) return;
      if (scalar.series >= counts.size()) refuse_changed(folder_);
      ++counts[scalar.series];
      if (scalar.step != 0) has_steps_[scalar.series] = true;
    }});
    for (const auto& [file, bytes] : files_) pass(file, bytes, staying);
    for (std::size_t series = 0; series < counts.size(); ++series)
      if (!has_steps_[series] && counts[series] > 1)
        found_.warnings.push_back(
            fmt::format("{}: '{}' has {} points without a step; they are numbered from 0",
                        folder_.string(), found_.metrics[series], counts[series]));
  }

  const fs::path folder_;
  std::vector<File> files_;
  Sha256 sum_;
  std::string beside_, digest_;
  GivenUp given_up_;
  std::vector<bool> has_steps_;  ///< by series
  Imported found_;
};

}  // namespace

Imported read_tensorboard(const fs::path& folder) {
  const auto files = std::make_shared<EventFiles>(folder);
  auto run = files->found();
  run.format = "TensorBoard";
  run.config_file = "hparams";
  if (const auto hparams = folder / "hparams.yaml"; run.config.empty() && fs::exists(hparams)) {
    run.config_file = "hparams.yaml";
    run.config_text = read_text(hparams);
    run.config = read_hparams(hparams);
  }
  run.digest = files->digest(run.config_text);
  run.for_each_point = [files](const Imported::UsePoint& use) { files->for_each_point(use); };
  return run;
}

}  // namespace runner
