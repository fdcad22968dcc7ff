#include "experiments/checkpoints.hpp"

#include "experiments/location.hpp"

namespace runner {

std::vector<Checkpoint> read_checkpoints(const Database& database, std::string_view run_id) {
  auto select = database.prepare(
      "SELECT step, epoch, folder, files, bytes, measured, time FROM checkpoints WHERE run_id = ?"
      " ORDER BY step DESC");
  select.with(run_id);
  std::vector<Checkpoint> out;
  while (select.step())
    out.push_back({select.integer(0), select.real(1),
                   place_of(database.file(), select.text(2)).string(), select.text(3),
                   select.integer(4), select.text(5), select.integer(6)});
  return out;
}

}  // namespace runner
