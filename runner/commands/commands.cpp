#include "runner/commands/commands.hpp"

#include "runner/commands/annotate.hpp"
#include "runner/commands/batch_find.hpp"
#include "runner/commands/bisect.hpp"
#include "runner/commands/compare.hpp"
#include "runner/commands/completion.hpp"
#include "runner/commands/components.hpp"
#include "runner/commands/doctor.hpp"
#include "runner/commands/export.hpp"
#include "runner/commands/gate.hpp"
#include "runner/commands/help.hpp"
#include "runner/commands/import.hpp"
#include "runner/commands/list.hpp"
#include "runner/commands/logs.hpp"
#include "runner/commands/lr_find.hpp"
#include "runner/commands/man.hpp"
#include "runner/commands/merge.hpp"
#include "runner/commands/plot.hpp"
#include "runner/commands/race.hpp"
#include "runner/commands/remove.hpp"
#include "runner/commands/reproduce.hpp"
#include "runner/commands/resume.hpp"
#include "runner/commands/run.hpp"
#include "runner/commands/schema.hpp"
#include "runner/commands/show.hpp"
#include "runner/commands/stop.hpp"
#include "runner/commands/submit.hpp"
#include "runner/commands/sweep.hpp"
#include "runner/commands/ui.hpp"
#include "runner/commands/validate.hpp"
#include "runner/commands/verify.hpp"
#include "runner/commands/watch.hpp"
#include "runner/commands/why.hpp"

#include <CLI/CLI.hpp>

namespace runner {

void add_commands(CLI::App& app, Command& chosen) {
  app.require_subcommand(1);  // so that `list` in `help list` is no second command
  for (const auto add :
       {add_run,        add_resume,   add_stop,       add_submit, add_validate,   add_list,
        add_show,       add_logs,     add_sweep,      add_race,   add_gate,       add_plot,
        add_ui,         add_annotate, add_remove,     add_export, add_components, add_schema,
        add_help,       add_lr_find,  add_batch_find, add_verify, add_bisect,     add_doctor,
        add_completion, add_man,      add_compare,    add_why,    add_watch,      add_reproduce,
        add_import,     add_merge})
    add(app, chosen);
}

}  // namespace runner
