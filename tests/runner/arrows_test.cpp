#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace fs = std::filesystem;

namespace {

/// "FILE includes HEADER" for every include of a source in `folder` that begins with one of
/// `forbidden`.
std::vector<std::string> includes(const std::string& folder,
                                  const std::vector<std::string>& forbidden,
                                  const std::vector<std::string>& extensions = {".hpp", ".cpp"}) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(RUNNER_SOURCE_DIR) / folder)) {
    const auto extension = entry.path().extension().string();
    if (std::find(extensions.begin(), extensions.end(), extension) == extensions.end()) continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);)
      for (const auto& prefix : forbidden)
        if (line.starts_with("#include \"" + prefix) || line.starts_with("#include <" + prefix))
          found.push_back(entry.path().string() + ": " + line);
  }
  return found;
}

using Lines = std::vector<std::string>;

/// Its includes of `runner/` but for those that begin with one of `allowed`.
Lines others_of_runner(const std::string& folder, const Lines& allowed) {
  auto found = includes(folder, {"runner/"});
  std::erase_if(found, [&](const std::string& line) {
    return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& prefix) {
      return line.find("#include \"" + prefix) != std::string::npos;
    });
  });
  return found;
}

}  // namespace

TEST_CASE("arrows between folders point one way") {
  CHECK(includes("registry", {"runner/", "experiments/", "tests/"}) == Lines{});
  CHECK(includes("experiments", {"runner/", "registry/", "tests/", "torch/", "ATen/", "c10/",
                                 "yaml-cpp/"}) == Lines{});
  for (const auto* folder :
       {"runner/recipe", "runner/launch", "runner/protocol", "runner/supervise", "runner/verify",
        "runner/record", "runner/terminal", "runner/session", "runner/search", "runner/answers",
        "runner/sweep", "runner/ui", "runner/exchange", "runner/figure", "runner/doctor",
        "runner/complete", "runner/commands"})
    CHECK(includes(folder, {"torch/", "ATen/", "c10/", "runner/train/"}) == Lines{});
  for (const auto* folder : {"runner/search", "runner/answers"})
    CHECK(includes(folder,
                   {"runner/launch/", "runner/supervise/", "runner/record/", "runner/session/",
                    "runner/sweep/", "runner/terminal/", "runner/commands/"}) == Lines{});
  CHECK(includes("runner/terminal", {"runner/record/", "runner/session/", "runner/search/",
                                     "runner/sweep/", "runner/commands/"}) == Lines{});
  CHECK(includes("runner/session", {"runner/search/", "runner/answers/", "runner/sweep/",
                                    "runner/commands/"}) == Lines{});
  CHECK(includes("runner/sweep", {"runner/answers/", "runner/commands/"}) == Lines{});
  CHECK(includes("runner/ui", {"runner/launch/", "runner/supervise/", "runner/session/",
                               "runner/search/", "runner/sweep/", "runner/commands/"}) == Lines{});
  CHECK(includes("runner/figure",
                 {"runner/recipe/", "runner/supervise/", "runner/session/", "runner/search/",
                  "runner/sweep/", "runner/terminal/", "runner/commands/"}) == Lines{});
  for (const auto* folder : {"runner/doctor", "runner/complete"})
    CHECK(includes(folder, {"runner/session/", "runner/record/", "runner/figure/", "runner/ui/",
                            "runner/commands/"}) == Lines{});
  CHECK(includes("runner/exchange",
                 {"runner/launch/", "runner/supervise/", "runner/record/", "runner/session/",
                  "runner/search/", "runner/answers/", "runner/sweep/", "runner/terminal/",
                  "runner/ui/", "runner/commands/"}) == Lines{});
  CHECK(includes("runner/protocol", {"torch/", "ATen/", "c10/", "experiments/"}) == Lines{});
  CHECK(others_of_runner("runner/protocol", {"runner/protocol/"}) == Lines{});
  for (const auto* folder : {"runner/train", "runner/checkpoint"})
    CHECK(others_of_runner(
              folder, {"runner/train/", "runner/checkpoint/", "runner/protocol/",
                       "runner/recipe/sections.hpp", "runner/recipe/run_length.hpp"}) == Lines{});
  for (const auto* folder : {"registry/datasets", "registry/schedulers"})
    CHECK(includes(folder, {"torch/", "ATen/", "c10/"}) == Lines{});
  CHECK(includes("registry/topologies", {"torch/", "ATen/", "c10/"}, {".hpp"}) == Lines{});
}

TEST_CASE("the check of arrows sees an include") {
  CHECK_FALSE(includes("runner/train", {"ATen/"}).empty());
}
