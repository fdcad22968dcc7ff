#include "experiments/details.hpp"
#include "experiments/matrices.hpp"
#include "runner/terminal/run_json.hpp"
#include "runner/ui/api.hpp"
#include "runner/ui/run_of.hpp"

namespace runner::ui {

Json run(const Call& call) {
  const auto id = run_of(call.database, call.id);
  auto json = run_json(read_run(call.database, id));
  json.update(annotations_json(read_annotations(call.database, id)));
  return json;
}

Json matrix(const Call& call) {
  const auto id = run_of(call.database, call.query.text("run"));
  const auto name = call.query.optional_text("name").value_or("eval/confusion_matrix");
  const auto found = read_matrix(call.database, id, name, call.query.optional_integer("step"));
  return {{"run", id},
          {"name", found.name},
          {"step", found.step},
          {"epoch", found.epoch},
          {"counts", found.counts}};
}

}  // namespace runner::ui
