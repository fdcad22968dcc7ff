#include "runner/exchange/format.hpp"

#include "experiments/error.hpp"
#include "experiments/nearest.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <boost/algorithm/string/case_conv.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct KnownFormat {
  std::string_view name;
  std::vector<std::string_view> endings;
  ExportFormat format;
};

const std::vector<KnownFormat>& known_formats() {
  static const std::vector<KnownFormat> known = {
      {"csv", {".csv"}, ExportFormat::csv},
      {"jsonl", {".jsonl", ".ndjson"}, ExportFormat::json_lines},
      {"parquet", {".parquet"}, ExportFormat::parquet},
      {"tensorboard", {}, ExportFormat::tensorboard},
      {"mlflow", {".db", ".sqlite"}, ExportFormat::mlflow},
      {"safetensors", {".safetensors"}, ExportFormat::weights}};
  return known;
}

}  // namespace

ExportFormat export_format(const std::string& name, const std::filesystem::path& to) {
  const auto& known = known_formats();
  const auto ending = boost::to_lower_copy(to.extension().string());
  const auto found = std::ranges::find_if(known, [&](const KnownFormat& each) {
    return name.empty() ? std::ranges::find(each.endings, ending) != each.endings.end()
                        : each.name == name;
  });
  if (found != known.end()) return found->format;
  std::vector<std::string> names;
  for (const auto& each : known) names.emplace_back(each.name);
  if (!name.empty())
    throw UserError(fmt::format("there is no format '{}'; {}", name, what_instead(name, names)));
  throw UserError(
      fmt::format("'{}' does not say in which format: expected .csv, .jsonl, .parquet, .db "
                  "(MLflow) or .safetensors at its end, or --format, which also knows tensorboard",
                  to.string()));
}

}  // namespace runner
