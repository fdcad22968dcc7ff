#pragma once

#include "runner/exchange/point_table.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace runner {

/// What librunner-parquet.so gives: it is linked to Arrow, whose 60 MB `runner` would otherwise
/// load at each start. Failures throw std::runtime_error.
class ParquetFile {
 public:
  virtual ~ParquetFile() = default;
  virtual void add(const PointTable::Row& row) = 0;
  virtual void close() = 0;
};

using OpenParquet = ParquetFile* (*)(const std::filesystem::path& file,
                                     const std::vector<PointTable::Column>& columns);
constexpr const char* parquet_entry = "runner_open_parquet";

}  // namespace runner
