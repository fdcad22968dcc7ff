#include "registry/description.hpp"
#include "tests/program/recorded.hpp"

#include <fstream>

#include <doctest/doctest.h>

using namespace runner;

namespace {

namespace fs = std::filesystem;

using Variables = std::map<std::string, std::string>;

double falling(int step) { return 2.0 / step; }

/// Of one check: `health: found; fix`.
std::string found_by(const Printed& printed, const std::string& area, const std::string& name) {
  CAPTURE(printed.out);
  for (const auto& check : Json::parse(printed.out))
    if (check.at("area") == area && check.at("check") == name) {
      const auto fix = check.at("fix").get<std::string>();
      return check.at("health").get<std::string>() + ": " + check.at("found").get<std::string>() +
             (fix.empty() ? "" : "; " + fix);
    }
  return "no such check";
}

Printed doctor(const TemporaryDirectory& folder, const Variables& environment = {}) {
  return run(folder.path(), {"doctor", "--json"}, environment);
}

/// A program of that name in the folder's bin, which comes first on the PATH.
Variables with_program(const TemporaryDirectory& folder, const std::string& name,
                       const std::string& text) {
  fs::create_directories(folder.path() / "bin");
  fs::permissions(folder.write("bin/" + name, "#!/bin/sh\n" + text), fs::perms::owner_all);
  return {{"PATH", (folder.path() / "bin").string() + ":" + std::getenv("PATH")}};
}

}  // namespace

TEST_CASE("doctor finds a worker that starts, and says where runs will be") {
  const TemporaryDirectory folder;
  const auto printed = doctor(folder);
  CHECK(printed.code == 0);
  CHECK(numbers_replaced(found_by(printed, "worker", "starts")) ==
        "ok: in N.N s, with LibTorch N.N.N+cuN");
  CHECK(found_by(printed, "store", "database") ==
        "ok: none yet: a first run makes " + (folder.path() / ".runner/experiments.db").string());
}

TEST_CASE("doctor says of a folder that cannot be written that no run can be recorded there") {
  const TemporaryDirectory folder;
  const auto path = folder.path().string();
  const auto script = "mount --bind " + path + " " + path + " && mount -o remount,ro,bind " + path +
                      " && cd " + path + " && exec " + runner_executable() + " doctor --json";
  const TemporaryDirectory elsewhere;
  if (std::system("unshare -m true 2>/dev/null") != 0) return;
  const auto printed =
      Program::command(elsewhere.path(), {"unshare", "-m", "sh", "-c", script}).wait();
  CHECK(printed.code == 1);
  CHECK(printed.err.empty());
  CHECK(
      found_by(printed, "store", "database") ==
      "problem: none yet, and " + path +
          " cannot be written: no run can be recorded; export RUNNER_DB=FILE    (in a folder that "
          "can be written)");
  CHECK(found_by(printed, "data", "synthetic") == "ok: is computed");
}

TEST_CASE("doctor misses a worker that is not beside the program") {
  const TemporaryDirectory folder;
  fs::copy_file(runner_executable(), folder.path() / "runner");
  const auto printed =
      Program::command(folder.path(), {(folder.path() / "runner").string(), "doctor", "--json"})
          .wait();
  CHECK(printed.code == 1);
  CHECK(found_by(printed, "worker", "program") ==
        "problem: there is no runner-worker beside " + (folder.path() / "runner").string() +
            "; ./dev build    (or, where it is installed: ./dev install)");
}

TEST_CASE("doctor sees a worker that cannot start") {
  const TemporaryDirectory folder;
  fs::copy_file(runner_executable(), folder.path() / "runner");
  fs::permissions(folder.write("runner-worker", "#!/bin/sh\necho no libtorch_cpu.so; exit 127\n"),
                  fs::perms::owner_all);
  const auto printed =
      Program::command(folder.path(), {(folder.path() / "runner").string(), "doctor", "--json"})
          .wait();
  CHECK(printed.code == 1);
  CHECK(found_by(printed, "worker", "starts") ==
        "problem: no: code 127: no libtorch_cpu.so; ./dev build    (or, where it is installed: "
        "./dev install)");
}

TEST_CASE("doctor finds a healthy database, and one with a damaged page") {
  const TemporaryDirectory folder;
  record_run(folder, "small", 0.1, 2000, falling);
  const auto database = folder.path() / ".runner/experiments.db";
  const auto healthy = doctor(folder);
  CHECK(healthy.code == 0);
  CHECK(found_by(healthy, "store", "integrity") == "ok: whole, by integrity_check");
  CHECK(numbers_replaced(found_by(healthy, "store", "schema")) == "ok: version N");
  CHECK(found_by(healthy, "store", "runs") == "ok: 1, of which 0 running");

  std::fstream file(database, std::ios::in | std::ios::out | std::ios::binary);
  constexpr int page = 4096;
  file.seekp(-page, std::ios::end);  // the kind of the last page
  file.put('\x7f');
  file.close();
  const auto damaged = doctor(folder);
  CHECK(damaged.code == 1);
  const auto found = found_by(damaged, "store", "integrity");
  CHECK(found.starts_with("problem: "));
  CHECK(found.ends_with("; sqlite3 " + database.string() + " .recover | sqlite3 " +
                        database.string() + ".recovered"));
}

TEST_CASE("doctor takes a file that is no database, and one of a newer runner, for problems") {
  const TemporaryDirectory folder;
  fs::create_directory(folder.path() / ".runner");
  const auto database =
      folder.write(".runner/experiments.db", "this is no database at all, but a text\n");
  const auto printed = doctor(folder);
  CHECK(printed.code == 1);
  CHECK(found_by(printed, "store", "schema") ==
        "problem: " + database.string() +
            " is not a database of runs (nor any SQLite file); runner doctor --db FILE    (another "
            "one)");
  fs::remove(database);
  fs::create_directory(database);
  CHECK(found_by(run(folder.path(), {"doctor", "--json", "--db", database}), "store", "database") ==
        "problem: " + database.string() + " is a folder; runner doctor --db FILE    (another one)");
  fs::remove(database);
  record_run(folder, "small", 0.1, 20, falling);
  Database(database, Database::Open::existing).execute("PRAGMA user_version = 9999");
  const auto newer = found_by(doctor(folder), "store", "schema");
  CHECK(newer.starts_with("problem: version 9999, of a newer runner; this one knows "));
  CHECK(newer.ends_with("; git pull && ./dev install"));
}

TEST_CASE("doctor tells of what others may read, and of a folder above that anyone may write in") {
  const TemporaryDirectory folder;
  record_run(folder, "small", 0.1, 20, falling);
  const auto home = folder.path() / ".runner";
  const auto found = [&] { return found_by(doctor(folder), "store", "permissions"); };
  CHECK(found() == "ok: nothing is open to others");
  fs::permissions(home / "experiments.db", fs::perms(0644));
  CHECK(found() == "warning: open to others: " + (home / "experiments.db").string() +
                       "; chmod go-rwx " + (home / "experiments.db").string());
  fs::create_directories(home / "checkpoints/x");
  CHECK(found().find(" and 2 more; chmod -R go-rwx ") != std::string::npos);
  fs::permissions(home, fs::perms(0755));
  CHECK(found().ends_with("; chmod -R go-rwx " + home.string()));
  fs::remove_all(home / "checkpoints");
  fs::permissions(home, fs::perms(0700));
  fs::permissions(home / "experiments.db", fs::perms(0600));
  fs::permissions(folder.path(), fs::perms(0777));
  CHECK(found() == "warning: anyone may put another database in the place of this one, in " +
                       folder.path().string() + "; chmod o-w " + folder.path().string());
}

TEST_CASE("doctor names runs whose process is gone") {
  const TemporaryDirectory folder;
  const auto id = record_run(folder, "small", 0.1, 20, falling);
  Database(folder.path() / ".runner/experiments.db", Database::Open::existing)
      .execute("UPDATE runs SET status = 'running', ended = NULL, pid = 1, pid_started = 1");
  const auto printed = doctor(folder);
  CHECK(printed.code == 0);
  CHECK(found_by(printed, "store", "runs") ==
        "warning: said to run, but their processes are gone: " + id +
            "; runner list    (marks them as crashed; then runner resume RUN)");
}

TEST_CASE("doctor sees a data folder that is not there, and a cache that cannot be written") {
  const TemporaryDirectory folder;
  const auto missing = (folder.path() / "data").string();
  const auto gone = doctor(folder, {{"RUNNER_DATA_DIR", missing}});
  CHECK(gone.code == 1);
  CHECK(found_by(gone, "data", "RUNNER_DATA_DIR") ==
        "problem: " + missing + ": No such file or directory; export RUNNER_DATA_DIR=FOLDER");
  // Not even root may write into a folder of /proc.
  const auto printed = doctor(folder, {{"RUNNER_CACHE_DIR", "/proc/sys/runner"}});
  CHECK(printed.code == 1);
  CHECK(found_by(printed, "data", "cache") ==
        "problem: /proc/sys/runner cannot be written; chmod u+rwx /proc/sys    (or: export "
        "RUNNER_CACHE_DIR=FOLDER)");
}

TEST_CASE("doctor says which data sets are here") {
  const TemporaryDirectory folder;
  const auto printed =
      doctor(folder, {{"RUNNER_DATA_DIR", ""}, {"RUNNER_CACHE_DIR", folder.path() / "cache"}});
  CHECK(found_by(printed, "data", "mnist") ==
        "ok: not here: the first run that needs it fetches it");
  CHECK(found_by(printed, "data", "synthetic") == "ok: is computed");
  CHECK_FALSE(fs::exists(folder.path() / "cache/mnist/train-images-idx3-ubyte"));
}

TEST_CASE("Slurm's commands without a cluster are no problem") {
  const TemporaryDirectory folder;
  const auto printed = doctor(
      folder, with_program(folder, "sinfo", "echo 'sinfo: error: Unknown host' >&2; exit 1\n"));
  CHECK(printed.code == 0);
  CHECK(found_by(printed, "slurm", "commands") ==
        "warning: no cluster is set up: sinfo: error: Unknown host; "
        "export SLURM_CONF=/path/of/the/cluster's/slurm.conf");
}

TEST_CASE("doctor sees a Slurm that answers, one that refuses, and one that does not answer") {
  const TemporaryDirectory folder;
  const std::string version = "[ \"$1\" = --version ] && echo slurm 22.05.8 && exit\n";
  const auto good = doctor(folder, with_program(folder, "sinfo", version + "echo 'debug* up 2'\n"));
  CHECK(found_by(good, "slurm", "commands") == "ok: slurm 22.05.8");
  CHECK(found_by(good, "slurm", "controller") == "ok: debug* (up, 2 nodes)");
  const auto refusing = doctor(
      folder,
      with_program(
          folder, "sinfo",
          version +
              "echo 'slurm_load_partitions: Unable to contact slurm controller' >&2; exit 1\n"));
  CHECK(refusing.code == 1);
  CHECK(found_by(refusing, "slurm", "controller") ==
        "problem: slurm_load_partitions: Unable to contact slurm controller; scontrol ping");
  const auto silent = doctor(folder, with_program(folder, "sinfo", version + "exec sleep 60\n"));
  CHECK(silent.code == 1);
  CHECK(found_by(silent, "slurm", "controller") ==
        "problem: sinfo did not answer within 5 s; scontrol ping");
}

TEST_CASE("doctor prints a table with a sentence at its end") {
  const TemporaryDirectory folder;
  const auto printed =
      run(folder.path(), {"doctor"}, {{"SHELL", "/bin/bash"}, {"HOME", folder.path()}});
  CHECK(printed.out.starts_with("machine   cores"));
  CHECK(printed.out.find(
            "\n          completion       warning  not installed for bash\n"
            "                               fix: eval \"$(runner completion bash)\"    (in "
            "~/.bashrc), or ./dev install\n") != std::string::npos);
  CHECK(printed.out.ends_with(" warnings\n") + printed.out.ends_with(" warning\n") == 1);
}
