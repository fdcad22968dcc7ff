#include "runner/exchange/text_tables.hpp"

#include "experiments/json.hpp"

#include <cmath>

#include <csv.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string out(2 * text.size() + 2, '\0');
  out.resize(csv_write(out.data(), out.size(), text.data(), text.size()));
  return out;
}

std::string csv_cell(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  const auto* real = std::get_if<double>(&value);
  if (!real) return "";
  return std::isnan(*real) ? "NaN" : fmt::format("{}", *real);
}

}  // namespace

std::int64_t write_csv(const PointTable& table, Output& output) {
  std::string line;
  for (const auto& column : table.columns())
    line += (line.empty() ? "" : ",") + quoted(column.name);
  output.write(line + "\n");
  std::int64_t rows = 0;
  table.for_each_row([&](const PointTable::Row& row) {
    line.clear();
    for (const auto& value : row) (line += csv_cell(value)) += ',';
    line.back() = '\n';
    output.write(line);
    ++rows;
  });
  return rows;
}

std::int64_t write_json_lines(const PointTable& table, Output& output) {
  std::int64_t rows = 0;
  table.for_each_row([&](const PointTable::Row& row) {
    nlohmann::ordered_json object;
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!is_missing(row[i])) object[table.columns()[i].name] = to_json(row[i]);
    output.write(dumped(object) + "\n");
    ++rows;
  });
  return rows;
}

}  // namespace runner
