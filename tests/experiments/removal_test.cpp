#include "experiments/removal.hpp"

#include "experiments/recorder.hpp"
#include "tests/experiments/fixture.hpp"

#include <fstream>

using namespace runner;

TEST_CASE("what a run has come to name since gc looked for garbage stays where it is") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const auto id = store.begin(example_run());
  Recorder(folder.database(), id).finish(Status::done);
  const auto checkpoint = [&](int step) {
    auto place =
        folder.database().parent_path() / "checkpoints" / id / ("step-" + std::to_string(step));
    std::filesystem::create_directories(place);
    return place;
  };
  const auto one = checkpoint(1), two = checkpoint(2);
  const auto garbage = find_garbage(store.database());
  CHECK(garbage == std::vector{one, two});
  store.start(id, example_run(), 0);
  Recorder recorder(folder.database(), id);
  recorder.add(Checkpoint{1, 1, one.string(), "[]", 0, "{}", 1});
  recorder.finish(Status::done);
  put_into_trash(store.database(), garbage);
  CHECK(std::filesystem::exists(one));
  CHECK_FALSE(std::filesystem::exists(two));
}

TEST_CASE("what submit has written of a run goes with it, and is garbage without it") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const auto id = store.begin(example_run());
  Recorder(folder.database(), id).finish(Status::done);
  const auto scripts = folder.database().parent_path() / "slurm";
  std::filesystem::create_directory(scripts);
  const auto write = [&](const std::string& name) {
    std::ofstream(scripts / name) << "x";
    return scripts / name;
  };
  const auto script = write(id + ".sbatch"), secret = write(id + ".secret");
  const auto of_all = write("srun.secret");
  const auto lost_script = write("2q6cqh61vr.sbatch"), lost_secret = write("2q6cqh61vr.secret");
  CHECK(find_garbage(store.database()) == std::vector{lost_script, lost_secret});
  CHECK(delete_run(store, id).files == 2);
  CHECK_FALSE(std::filesystem::exists(script));
  CHECK_FALSE(std::filesystem::exists(secret));
  CHECK(std::filesystem::exists(of_all));
}
