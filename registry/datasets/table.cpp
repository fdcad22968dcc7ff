#include "registry/datasets/table.hpp"

#include "registry/counted.hpp"
#include "registry/data/csv_rows.hpp"
#include "registry/datasets/looks.hpp"
#include "registry/datasets/mapped_file.hpp"
#include "registry/description.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

/// A cell's number; empty where it is none.
std::optional<double> number_in_cell(const std::string& cell) {
  double number = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  const bool is_number = error == std::errc() && end == cell.data() + cell.size();
  return is_number && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// What a table holds: the numbers of all rows, and the cells of the target.
struct Cells {
  std::vector<std::string> features;  ///< names of columns
  std::vector<float> numbers;         ///< rows x features
  std::vector<std::string> targets;
};

class TableReader {
 public:
  TableReader(const std::filesystem::path& file, std::string target)
      : file_(file), target_(std::move(target)) {}

  Cells read() {
    const auto mapped = map_file(file_);
    const std::string_view text(reinterpret_cast<const char*>(mapped.bytes.data()),
                                mapped.bytes.size());
    CsvRows rows([this](const CsvRows::Cells& row) { add(row); });
    // Line by line, so that it is known where a row is.
    for (std::size_t begin = 0; begin < text.size();) {
      const auto end = std::min(text.find('\n', begin), text.size() - 1) + 1;
      ++line_;
      rows.read(text.substr(begin, end - begin));
      begin = end;
    }
    rows.end();
    mapped.check();
    if (columns_.empty()) refuse("the file is empty");
    return std::move(cells_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw DataError(fmt::format("table: {}:{}: {}", file_.string(), line_, what));
  }

  void add(const CsvRows::Cells& row) {
    if (columns_.empty()) return read_header(row);
    if (row.size() != columns_.size())
      refuse(fmt::format("{}, but there are {}", counted(std::ssize(row), "cell"),
                         counted(std::ssize(columns_), "column")));
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i == target_column_) {
        if (row[i].empty()) refuse(fmt::format("{} is empty; it is to be told", target_));
        cells_.targets.push_back(row[i]);
        continue;
      }
      const auto number = number_in_cell(row[i]);
      if (!number)
        refuse(fmt::format("{} is {}; expected a number", columns_[i],
                           row[i].empty() ? "empty" : "'" + row[i] + "'"));
      cells_.numbers.push_back(static_cast<float>(*number));
    }
  }

  void read_header(const CsvRows::Cells& row) {
    columns_ = row;
    if (constexpr std::string_view mark = "\xEF\xBB\xBF"; columns_.front().starts_with(mark))
      columns_.front().erase(0, mark.size());
    for (const auto& column : columns_)
      if (std::ranges::count(columns_, column) > 1)
        refuse(fmt::format("two columns are called '{}'", column));
    const auto found = std::ranges::find(columns_, target_);
    if (found == columns_.end())
      refuse(fmt::format("no column is called '{}'; expected one of {}", target_,
                         fmt::join(columns_, ", ")));
    target_column_ = static_cast<std::size_t>(found - columns_.begin());
    for (const auto& column : columns_)
      if (column != target_) cells_.features.push_back(column);
    if (cells_.features.empty()) refuse("there is no column besides the target");
  }

  const std::filesystem::path& file_;
  std::string target_;
  std::vector<std::string> columns_;
  std::size_t target_column_ = 0;
  std::int64_t line_ = 0;
  Cells cells_;
};

Cells read_cells(const Table& options, const Prepared& files) try {
  return TableReader(files.files.at("file"), options.target).read();
} catch (const DataError&) {
  throw;
} catch (const std::exception& error) {
  throw DataError(fmt::format("table: {}", error.what()));
}

/// The different cells, in the order of their numbers, or else of their letters.
std::vector<std::string> classes_of(const std::vector<std::string>& cells) {
  std::map<std::string, std::optional<double>> different;
  for (const auto& cell : cells)
    if (!different.contains(cell)) different[cell] = number_in_cell(cell);
  std::vector<std::string> names;
  for (const auto& [name, number] : different) names.push_back(name);
  const bool are_numbers =
      std::ranges::all_of(different, [](const auto& each) { return each.second.has_value(); });
  if (are_numbers)
    std::ranges::stable_sort(names, {}, [&](const auto& name) { return *different.at(name); });
  return names;
}

FieldType target_type(const Table& options, const Cells& cells) {
  const auto none =
      std::ranges::find_if(cells.targets, [](const auto& cell) { return !number_in_cell(cell); });
  const bool are_numbers = none == cells.targets.end();
  if (options.target_type == "number" && !are_numbers)
    throw DataError(
        fmt::format("table: {} is '{}'; expected a number (target_type)", options.target, *none));
  if (are_numbers && options.target_type != "class")
    return {"numbers", Meaning::numbers, DType::float32, {1}, 0, {options.target}};
  auto names = classes_of(cells.targets);
  if (names.size() < 2)
    throw DataError(fmt::format("table: {} is '{}' in every row: there is nothing to tell",
                                options.target, names.empty() ? "" : names.front()));
  const auto count = std::ssize(names);
  return {"class", Meaning::classes, DType::int64, {}, count, std::move(names)};
}

SampleType type_of_cells(const Table& options, const Cells& cells) {
  return {{{"features",
            Meaning::features,
            DType::float32,
            {std::ssize(cells.features)},
            0,
            cells.features},
           target_type(options, cells)},
          options.split.holdout.sizes("table", std::ssize(cells.targets))};
}

Prepared find_table(const Table& options) {
  return prepare_own_files("table", {{"file", options.file}});
}

SampleType known_type(const Table& options, const Prepared& files) {
  auto type = look_once(files, to_json_value(options),
                        [&] { return type_of_cells(options, read_cells(options, files)); });
  refuse_unfit_transforms("table", type, options.transforms.list);
  return type;
}

/// Some rows of a table, copied.
template <class T>
Array take_rows(const std::vector<T>& all, std::size_t columns, DType type,
                const std::vector<std::int64_t>& rows, std::vector<std::int64_t> shape) {
  const std::shared_ptr<T[]> out(new T[rows.size() * columns]);
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::copy_n(all.begin() + rows[i] * static_cast<std::int64_t>(columns), columns,
                out.get() + i * columns);
  shape.insert(shape.begin(), std::ssize(rows));
  return {type, std::move(shape), reinterpret_cast<const std::byte*>(out.get()), out};
}

std::vector<std::int64_t> class_numbers(const std::vector<std::string>& cells,
                                        const std::vector<std::string>& names) {
  std::map<std::string_view, std::int64_t> numbers;
  for (const auto& name : names) numbers.emplace(name, std::ssize(numbers));
  std::vector<std::int64_t> out;
  for (const auto& cell : cells) out.push_back(numbers.at(cell));
  return out;
}

std::vector<float> target_numbers(const std::vector<std::string>& cells) {
  std::vector<float> out;
  for (const auto& cell : cells) out.push_back(static_cast<float>(number_in_cell(cell).value()));
  return out;
}

}  // namespace

Prepared prepare(const Table& options, const Preparation&) { return find_table(options); }

SampleType sample_type(const Table& options) { return known_type(options, find_table(options)); }

Dataset load(const Table& options, const Prepared& prepared) {
  refuse_changed_files(prepared);
  const auto cells = read_cells(options, prepared);
  Dataset dataset{known_type(options, prepared), {}, options.transforms.list};
  const auto& type = dataset.type;
  const auto& target = *type.target();
  const auto columns = cells.features.size();
  const auto rows = draw_rows(type.splits, options.split.seed);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto features =
        take_rows(cells.numbers, columns, DType::float32, rows[i], {std::ssize(cells.features)});
    auto targets =
        target.meaning == Meaning::classes
            ? take_rows(class_numbers(cells.targets, target.names), 1, DType::int64, rows[i], {})
            : take_rows(target_numbers(cells.targets), 1, DType::float32, rows[i], {1});
    dataset.splits.push_back(
        {type.splits[i].name, std::make_shared<ArraySource>(std::vector{features, targets})});
  }
  return dataset;
}

}  // namespace runner
