#include "runner/exchange/parquet_library.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/table_builder.h>
#include <parquet/arrow/writer.h>

namespace runner {
namespace {

using Type = PointTable::Column::Type;

constexpr std::int64_t rows_at_once = 1 << 16;

void check(const arrow::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.message());
}

template <class T>
T value_of(arrow::Result<T> result) {
  check(result.status());
  return std::move(result).ValueUnsafe();
}

std::shared_ptr<arrow::DataType> arrow_type(Type type) {
  switch (type) {
    case Type::text:
      return arrow::utf8();
    case Type::integer:
      return arrow::int64();
    case Type::time:
      return arrow::timestamp(arrow::TimeUnit::MILLI, "UTC");
    default:
      return arrow::float64();
  }
}

std::shared_ptr<arrow::Schema> arrow_schema(const std::vector<PointTable::Column>& columns) {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  for (const auto& [name, type] : columns) fields.push_back(arrow::field(name, arrow_type(type)));
  return arrow::schema(std::move(fields));
}

struct Appender {
  arrow::ArrayBuilder& builder;
  bool is_time;

  arrow::Status operator()(std::monostate) const { return builder.AppendNull(); }
  arrow::Status operator()(bool value) const {
    return append<arrow::StringBuilder>(std::string(value ? "true" : "false"));
  }
  arrow::Status operator()(std::int64_t value) const {
    return is_time ? append<arrow::TimestampBuilder>(value) : append<arrow::Int64Builder>(value);
  }
  arrow::Status operator()(double value) const { return append<arrow::DoubleBuilder>(value); }
  arrow::Status operator()(const std::string& value) const {
    return append<arrow::StringBuilder>(value);
  }

  template <class Builder, class T>
  arrow::Status append(const T& value) const {
    return static_cast<Builder&>(builder).Append(value);
  }
};

class ArrowFile : public ParquetFile {
 public:
  ArrowFile(const std::filesystem::path& file, const std::vector<PointTable::Column>& columns)
      : columns_(columns),
        schema_(arrow_schema(columns)),
        batch_(value_of(arrow::RecordBatchBuilder::Make(schema_, arrow::default_memory_pool()))),
        out_(value_of(arrow::io::FileOutputStream::Open(file.string()))),
        writer_(
            value_of(parquet::arrow::FileWriter::Open(*schema_, arrow::default_memory_pool(), out_,
                                                      parquet::WriterProperties::Builder()
                                                          .compression(parquet::Compression::ZSTD)
                                                          ->build()))) {}

  void add(const PointTable::Row& row) override {
    for (std::size_t i = 0; i < row.size(); ++i)
      check(std::visit(
          Appender{*batch_->GetField(static_cast<int>(i)), columns_[i].type == Type::time},
          row[i]));
    if (++waiting_ == rows_at_once) write();
  }

  void close() override {
    if (waiting_ > 0) write();
    check(writer_->Close());
    check(out_->Close());
  }

 private:
  void write() {
    check(writer_->WriteRecordBatch(*value_of(batch_->Flush())));
    waiting_ = 0;
  }

  const std::vector<PointTable::Column> columns_;
  const std::shared_ptr<arrow::Schema> schema_;
  const std::unique_ptr<arrow::RecordBatchBuilder> batch_;
  const std::shared_ptr<arrow::io::FileOutputStream> out_;
  const std::unique_ptr<parquet::arrow::FileWriter> writer_;
  std::int64_t waiting_ = 0;
};

}  // namespace
}  // namespace runner

extern "C" runner::ParquetFile* runner_open_parquet(
    const std::filesystem::path& file, const std::vector<runner::PointTable::Column>& columns) {
  return new runner::ArrowFile(file, columns);
}
