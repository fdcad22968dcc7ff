#include "tests/program/program.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// Programs in place of those that `./dev build` starts: pip fetches until it is killed.
void write_tools(const TemporaryDirectory& folder, const std::string& ninja) {
  std::filesystem::create_directory(folder.path() / "bin");
  const auto write = [&](const std::string& name, const std::string& body) {
    const auto file = folder.write("bin/" + name, "#!/bin/sh\n" + body);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  };
  write("python3",
        "echo $$ >\"$PIDS/pip.part\"; mv \"$PIDS/pip.part\" \"$PIDS/pip\"; exec sleep 600\n");
  write("ninja", "echo $$ >\"$PIDS/ninja\"\n" + ninja);
  for (const auto* name : {"cmake", "apt-get", "sudo"}) write(name, "exit 0\n");
}

/// As ninja does, which answers an interrupt with an exit code.
const std::string builds = "trap 'exit 2' INT TERM; while :; do sleep 0.1; done\n";
const std::string has_built = "exit 0\n";

/// Ends `./dev build` while it fetches LibTorch, as its terminal would (all of its group) or as
/// `kill` does, and says what has become of pip.
std::string pip_after(const std::string& signal, const std::string& whom,
                      const std::string& ninja) {
  const TemporaryDirectory folder;
  write_tools(folder, ninja);
  const auto script = "set -m; " RUNNER_SOURCE_DIR
                      "/dev build & dev=$!\n"
                      "until [ -s pip ] && [ -s ninja ]; do sleep 0.1; done; sleep 0.3\n"
                      "kill -" +
                      signal + " -- " + whom +
                      "\n"
                      "wait $dev; kill $(cat ninja)\n"
                      "for i in $(seq 30); do\n"
                      "  kill -0 $(cat pip) || { echo gone; exit; }; sleep 0.1\n"
                      "done\n"
                      "echo orphan; kill $(cat pip)\n";
  const auto path = (folder.path() / "bin").string() + ":" + std::getenv("PATH");
  return Program::command(folder.path(), {"bash", "-c", script},
                          {{"PATH", path},
                           {"PIDS", folder.path()},
                           {"RUNNER_CACHE_DIR", folder.path() / "cache"}})
      .wait()
      .out;
}

}  // namespace

TEST_CASE("./dev that ends while it fetches LibTorch leaves no pip behind") {
  const std::string all = "-$dev", itself = "$dev";
  for (const auto& ninja : {builds, has_built}) {
    CAPTURE(ninja);
    CHECK(pip_after("INT", all, ninja) == "gone\n");
    CHECK(pip_after("TERM", all, ninja) == "gone\n");
    CHECK(pip_after("HUP", all, ninja) == "gone\n");
    CHECK(pip_after("TERM", itself, ninja) == "gone\n");
  }
}

TEST_CASE("./dev whose build fails while it fetches LibTorch leaves no pip behind") {
  CHECK(pip_after("CONT", "$dev", "sleep 1; exit 1\n") == "gone\n");
}
