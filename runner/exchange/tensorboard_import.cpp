#include "runner/exchange/tensorboard_import.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/digest.hpp"
#include "runner/exchange/event_file.hpp"
#include "runner/exchange/hparams_file.hpp"
#include "runner/exchange/read_text.hpp"
#include "runner/exchange/tensorboard.pb.h"
#include "runner/exchange/whole_number.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

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

/// Takes what is of use from events, one after another.
class Reader {
 public:
  Reader(Imported& run, fs::path folder) : run_(run), folder_(std::move(folder)) {}

  /// Throws UserError for an event whose time is none.
  void read(const tb::Event& event) {
    const auto whole = whole_number(std::trunc(event.wall_time() * 1000));
    if (!whole) throw UserError(fmt::format("its time is {} s", event.wall_time()));
    const auto time = *whole;
    run_.started = run_.started == 0 ? time : std::min(run_.started, time);
    run_.ended = std::max(run_.ended, time);
    if (event.session_log().status() == tb::SessionLog::START) purge_from(event.step());
    for (const auto& value : event.summary().value()) read(event.step(), time, value);
  }

  /// Writers that name no step leave it at 0: one point would take the place of the other.
  void number_points_without_steps() {
    std::vector<std::int64_t> counts(run_.metrics.size(), 0);
    std::vector<bool> has_steps(run_.metrics.size(), false);
    for (const auto& point : run_.points) {
      ++counts[point.series];
      if (point.step != 0) has_steps[point.series] = true;
    }
    for (std::size_t series = 0; series < counts.size(); ++series)
      if (!has_steps[series] && counts[series] > 1)
        run_.warnings.push_back(
            fmt::format("{}: '{}' has {} points without a step; they are "
                        "numbered from 0",
                        folder_.string(), run_.metrics[series], counts[series]));
    std::ranges::fill(counts, 0);
    for (auto& point : run_.points)
      if (!has_steps[point.series]) point.step = counts[point.series]++;
  }

 private:
  /// What a run that was started again gave up, as TensorBoard's EventAccumulator does.
  void purge_from(std::int64_t step) {
    std::erase_if(run_.points, [&](const SeriesPoint& point) { return point.step >= step; });
  }

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
    const auto series = series_.try_emplace(value.tag(), run_.metrics.size());
    if (series.second) run_.metrics.push_back(value.tag());
    run_.points.push_back({static_cast<std::uint32_t>(series.first->second), step,
                           std::numeric_limits<double>::quiet_NaN(), *number, time});
  }

  void read_hparams(const std::string& content) {
    tb::HParams told;
    if (!told.ParseFromString(content)) return;
    for (const auto& [name, value] : told.session_start().hparams())
      run_.config[name] = to_json(value);
  }

  Imported& run_;
  const fs::path folder_;
  std::map<std::string, std::string> plugins_;  // by tag
  std::map<std::string, std::size_t> series_;
};

void read_event(std::string_view message, const std::string& which, Reader& reader) {
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

}  // namespace

Imported read_tensorboard(const fs::path& folder) {
  Imported run;
  run.format = "TensorBoard";
  run.config_file = "hparams";
  Reader reader(run, folder);
  Sha256 digest;
  for (const auto& file : event_files(folder)) {
    std::int64_t number = 0;
    for_each_frame(file, [&](std::string_view message) {
      ++number;
      read_event(message, fmt::format("{}, event {}", file.string(), number), reader);
      digest.update(std::as_bytes(std::span(message)));
    });
  }
  reader.number_points_without_steps();
  if (const auto hparams = folder / "hparams.yaml"; run.config.empty() && fs::exists(hparams)) {
    run.config_file = "hparams.yaml";
    run.config_text = read_text(hparams);
    run.config = read_hparams(hparams);
  }
  digest.update(std::as_bytes(std::span(std::string_view(run.config_text))));
  run.digest = digest.hex();
  return run;
}

}  // namespace runner
