#pragma once

#include "tests/experiments/fixture.hpp"

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

namespace runner {

/// A database with two runs: a has train/loss at the steps 1 and 2 and eval/loss at step 2, b has
/// eval/loss at step 2, which is NaN.
struct Recorded {
  TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  std::string a = store.begin(example_run("a, the first")), b = store.begin(example_run("b"));

  Recorded() {
    Recorder first(folder.database(), a), second(folder.database(), b);
    first.record("train/loss", 1, 0.5, 0.25, 1700000000100);
    first.record("train/loss", 2, 1, 0.125, 1700000000200);
    first.record("eval/loss", 2, 1, 0.1, 1700000000300);
    second.record("eval/loss", 2, std::nan(""), std::nan(""), 1700000000400);
    first.finish(Status::done);
    second.finish(Status::failed, "NaN");
  }
};

inline std::string text_of(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

inline std::filesystem::path write_text(const std::filesystem::path& file,
                                        const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

}  // namespace runner
