#include "runner/exchange/parquet.hpp"

#include "experiments/error.hpp"
#include "runner/exchange/output.hpp"
#include "runner/exchange/parquet_library.hpp"

#include <memory>

#include <dlfcn.h>
#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

OpenParquet find_entry() {
  const auto folder = fs::read_symlink("/proc/self/exe").parent_path();
  const auto* name = "librunner-parquet.so";
  for (const auto& library : {folder / name, folder.parent_path() / "libexec/runner" / name}) {
    if (!fs::exists(library)) continue;
    void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) throw StoreError(fmt::format("cannot write Parquet: {}", dlerror()));
    return reinterpret_cast<OpenParquet>(dlsym(handle, parquet_entry));
  }
  throw StoreError("this build cannot write Parquet: it was made without Arrow");
}

}  // namespace

std::int64_t write_parquet(const PointTable& table, const fs::path& to) {
  auto* open = find_entry();
  Output output(to);
  std::int64_t rows = 0;
  try {
    const std::unique_ptr<ParquetFile> file(open(output.unfinished(), table.columns()));
    table.for_each_row([&](const PointTable::Row& row) {
      file->add(row);
      ++rows;
    });
    file->close();
  } catch (const std::exception& error) {
    throw StoreError(fmt::format("cannot write {}: {}", to.string(), error.what()));
  }
  output.commit();
  return rows;
}

}  // namespace runner
