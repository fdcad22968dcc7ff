#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/holdout.hpp"
#include "registry/datasets/prepared.hpp"
#include "registry/field.hpp"

#include <optional>
#include <string>

namespace runner {

struct Table {
  static constexpr auto summary = "a CSV file of your own, whose first line names its columns";

  std::string file;
  std::string target;
  std::optional<std::string> target_type;
  RandomHoldout split;
  Components<"transform"> transforms;

  static constexpr auto fields() {
    return std::tuple{
        field("file", &Table::file, "the CSV file; every column but the target is a number"),
        field("target", &Table::target, "the column that is to be told"),
        field("target_type", &Table::target_type,
              "what it holds; null: numbers, unless a cell is none", one_of<"class", "number">),
        field("split", &Table::split, "which samples are not trained on"),
        field("transforms", &Table::transforms, "what is done to the numbers of a sample")};
  }

  std::string conflict() const {
    if (file.empty()) return "file is empty; expected the path of a CSV file";
    return target.empty() ? "target is empty; expected the name of a column" : "";
  }
};

/// Classes are numbered in the order of their names, or of their numbers where all are numbers.
/// Throws DataError with the line of a cell that is no number.
Prepared prepare(const Table& options, const Preparation& preparation);
SampleType sample_type(const Table& options);
Dataset load(const Table& options, const Prepared& prepared);

}  // namespace runner
