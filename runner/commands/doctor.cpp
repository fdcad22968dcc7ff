#include "runner/commands/doctor.hpp"

#include "experiments/json.hpp"
#include "runner/commands/options.hpp"
#include "runner/doctor/report.hpp"
#include "runner/terminal/screen.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct DoctorOptions {
  std::optional<std::filesystem::path> database;
  bool json = false;
};

int examine(const DoctorOptions& options) {
  doctor::Place place;
  place.database = options.database;
  const auto checks = doctor::check_everything(place);
  if (options.json)
    fmt::print("{}\n", dumped(doctor::report_json(checks), 2));
  else
    fmt::print("{}", doctor::report(checks, terminal_width(stdout), takes_colours(stdout)));
  return doctor::has_problem(checks) ? 1 : 0;
}

}  // namespace

void add_doctor(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<DoctorOptions>();
  auto* command = app.add_subcommand(
      "doctor", "Check this machine, its data and the database, and say how to mend what is wrong");
  add_database(*command, options->database);
  command->add_flag("--json", options->json, "An array of objects, one for each check");
  command->callback([options, &chosen] { chosen = [options] { return examine(*options); }; });
}

}  // namespace runner
