#include "runner/exchange/tensorboard_export.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "runner/exchange/event_file.hpp"
#include "runner/exchange/metrics.hpp"
#include "runner/exchange/output.hpp"
#include "runner/exchange/tensorboard.pb.h"

#include <fmt/format.h>

namespace runner {
namespace {

namespace tb = tensorboard;
namespace fs = std::filesystem;

double seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }

tb::HParam to_hparam(const Value& value) {
  tb::HParam out;
  if (const auto* text = std::get_if<std::string>(&value))
    *text == "true" || *text == "false" ? out.set_boolean(*text == "true") : out.set_text(*text);
  else if (const auto* real = std::get_if<double>(&value))
    out.set_number(*real);
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    out.set_number(static_cast<double>(*whole));
  else
    out.set_text("null");
  return out;
}

/// An event that tells the hyperparameters' plugin about the session, which is a run.
tb::Event session_event(const char* tag, double time, const tb::HParams& told) {
  tb::Event event;
  event.set_wall_time(time);
  auto* value = event.mutable_summary()->add_value();
  value->set_tag(tag);
  auto* data = value->mutable_metadata()->mutable_plugin_data();
  data->set_plugin_name("hparams");
  told.SerializeToString(data->mutable_content());
  // The plugin's events hold a tensor of no meaning: one zero.
  value->mutable_tensor()->set_dtype(tb::Tensor::FLOAT);
  value->mutable_tensor()->add_float_values(0);
  value->mutable_tensor()->mutable_shape();
  return event;
}

tb::Event start_event(const RunDetails& details) {
  tb::HParams told;
  auto* start = told.mutable_session_start();
  for (const auto& setting : details.run.settings)
    (*start->mutable_hparams())[setting.path] = to_hparam(setting.value);
  start->set_group_name(details.id);
  start->set_start_time_secs(seconds(details.started));
  return session_event("_hparams_/session_start_info", seconds(details.started), told);
}

tb::Event end_event(const RunDetails& details) {
  tb::HParams told;
  auto* end = told.mutable_session_end();
  end->set_status(details.status == "done" ? tb::SessionEnd::SUCCESS : tb::SessionEnd::FAILURE);
  end->set_end_time_secs(seconds(*details.ended));
  return session_event("_hparams_/session_end_info", seconds(*details.ended), told);
}

tb::Event scalar_event(const std::string& tag, const MetricPoint& point) {
  tb::Event event;
  event.set_wall_time(seconds(point.time));
  event.set_step(point.step);
  auto* value = event.mutable_summary()->add_value();
  value->set_tag(tag);
  value->set_simple_value(static_cast<float>(point.value));
  return event;
}

}  // namespace

std::string tensorboard_name(const Database& database, const std::string& run_id) {
  auto name = read_run(database, run_id).run.name;
  for (auto& letter : name)
    if (letter == '/' || static_cast<unsigned char>(letter) <= ' ') letter = '-';
  return fmt::format("{}-{}", name, run_id);
}

void write_tensorboard(const Database& database, const std::string& run_id,
                       const std::vector<std::string>& metrics, const fs::path& folder) {
  const auto details = read_run(database, run_id);
  try {
    make_folders(folder);
  } catch (const std::system_error& error) {
    throw StoreError(fmt::format("cannot write {}: {}", folder.string(), error.code().message()));
  }
  Output output(folder /
                fmt::format("events.out.tfevents.{}.{}", details.started / 1000, details.id));
  const auto put = [&](const tb::Event& event) { output.write(frame(event.SerializeAsString())); };
  tb::Event first;
  first.set_wall_time(seconds(details.started));
  first.set_file_version("brain.Event:2");
  put(first);
  put(start_event(details));
  for (const auto& metric : metrics_of(database, run_id, metrics))
    for_each_point(database, metric.id,
                   [&](const MetricPoint& point) { put(scalar_event(metric.name, point)); });
  if (details.ended) put(end_event(details));
  output.commit();
}

}  // namespace runner
