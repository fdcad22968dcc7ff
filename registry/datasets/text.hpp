#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/holdout.hpp"
#include "registry/datasets/prepared.hpp"
#include "registry/field.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace runner {

struct Text {
  static constexpr auto summary = "text of your own, byte by byte: what comes next is to be told";

  std::vector<std::string> files;
  std::int64_t length = 128;
  Holdout split;

  static constexpr auto fields() {
    return std::tuple{
        field("files", &Text::files, "files of text, in any encoding"),
        field("length", &Text::length, "bytes of a sample; the next sample begins behind them",
              range(1, 1 << 24)),
        field("split", &Text::split, "which shares of the text, at its end, are not trained on")};
  }

  std::string conflict() const { return files.empty() ? "files is empty; expected paths" : ""; }
};

/// Windows of each file, one behind another; what is left at a file's end is no sample.
Prepared prepare(const Text& options, const Preparation& preparation);
SampleType sample_type(const Text& options);
Dataset load(const Text& options, const Prepared& prepared);

}  // namespace runner
