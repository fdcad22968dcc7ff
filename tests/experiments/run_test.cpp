#include "experiments/details.hpp"
#include "experiments/reference.hpp"
#include "tests/experiments/fixture.hpp"

using namespace runner;

TEST_CASE("a run comes back from the store as it went in") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Run run = example_run();
  run.settings = {{"optimizer.lr", 0.1, "override"},
                  {"optimizer.name", std::string("sgd"), "mnist.yaml:7"},
                  {"seed", std::int64_t{1}, "default"},
                  {"train.shuffle", true, "default"}};
  run.versions = R"({"libtorch":"2.11.0"})";
  run.data = R"({"name":"mnist"})";
  run.device = "cpu";
  run.seed = 1;
  run.git_commit = "0123abc";
  run.git_dirty = true;
  run.world_size = 8;
  run.nodes = 2;
  run.launcher = "slurm";
  run.job_id = "4711";
  run.logs = "/logs";
  const std::string id = store.begin(run);

  const RunDetails details = read_run(store.database(), id);
  CHECK(details.id == id);
  CHECK(details.status == "running");
  CHECK(details.run.name == "mnist");
  CHECK(details.run.recipe_path == "recipes/mnist.yaml");
  CHECK(details.run.recipe_text == "name: mnist\n");
  CHECK(details.run.config == R"({"seed":1})");
  CHECK(details.run.command == "runner run recipes/mnist.yaml");
  CHECK(details.run.versions == R"({"libtorch":"2.11.0"})");
  CHECK(details.run.data == R"({"name":"mnist"})");
  CHECK(details.run.device == "cpu");
  CHECK(details.run.seed == 1);
  CHECK(details.run.git_commit == "0123abc");
  CHECK(details.run.git_dirty == true);
  CHECK(details.run.world_size == 8);
  CHECK(details.run.nodes == 2);
  CHECK(details.run.launcher == "slurm");
  CHECK(details.run.job_id == "4711");
  CHECK(details.run.logs == "/logs");
  CHECK(details.restarts == 0);
  CHECK(details.run.process.pid == getpid());
  CHECK_FALSE(details.ended);
  REQUIRE(details.run.settings.size() == 4);
  CHECK(details.run.settings[0].path == "optimizer.lr");
  CHECK(details.run.settings[0].value == Value(0.1));
  CHECK(details.run.settings[0].origin == "override");
  CHECK(details.run.settings[1].value == Value(std::string("sgd")));
  CHECK(details.run.settings[2].value == Value(std::int64_t{1}));
  CHECK(details.run.settings[3].value == Value(std::string("true")));
}

TEST_CASE("what only the running process knows can be told later") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const std::string id = store.begin(example_run());
  store.set_device(id, "cuda:0");
  store.set_data(id, R"({"name":"fashion_mnist"})");
  store.set_versions(id, R"({"cudnn":"9.19"})");
  store.set_job(id, "4711");
  store.set_logs(id, "/logs");
  const RunDetails details = read_run(store.database(), id);
  CHECK(details.run.device == "cuda:0");
  CHECK(details.run.data == R"({"name":"fashion_mnist"})");
  CHECK(details.run.versions == R"({"cudnn":"9.19"})");
  CHECK(details.run.job_id == "4711");
  CHECK(details.run.logs == "/logs");
}

TEST_CASE("a run is found by its id, its beginning, its name, or as the last") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const auto find = [&](std::string_view reference) {
    return find_run(store.database(), reference);
  };
  CHECK(error_of<UserError>([&] { find("last"); }) ==
        "there are no runs yet in " + folder.database().string());

  const std::string first = store.begin(example_run("mnist"));
  const std::string second = store.begin(example_run("mnist"));
  const std::string third = store.begin(example_run("fashion"));
  CHECK(find(first) == first);
  CHECK(find("mnist") == second);
  CHECK(find("last") == third);
  store.database().execute(
      "INSERT INTO runs (id, name, recipe, started, host, boot_id, pid, pid_started)"
      " VALUES ('zz00000000', 'late', '', 0, 'elsewhere', '', 1, 1)");
  CHECK(find("z") == "zz00000000");

  const std::string three = third + " (fashion), " + second + " (mnist), " + first + " (mnist)";
  CHECK(error_of<UserError>([&] { find("x"); }) ==
        "no run 'x'; the latest are " + three + ", zz00000000 (late)");
  CHECK(error_of<UserError>([&] { find(first.substr(0, 2)); }) ==
        "'" + first.substr(0, 2) + "' begins the ids of several runs: " + three);
}
