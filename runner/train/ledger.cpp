#include "runner/train/ledger.hpp"

#include "experiments/permissions.hpp"
#include "registry/datasets/fail.hpp"
#include "runner/train/gradients.hpp"

#include <cerrno>
#include <charconv>
#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace runner {
namespace {

std::uint64_t hash(const at::Tensor& tensor) {
  if (!tensor.defined()) return 0;
  const auto here = tensor.detach().cpu().contiguous();
  return XXH3_64bits(here.const_data_ptr(), here.nbytes());
}

/// The file's lines of steps until `last_step`, after its head.
std::string lines_until(const std::filesystem::path& file, std::int64_t last_step) {
  std::ifstream in(file);
  std::string kept, line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::int64_t step = 0;
    std::from_chars(line.data(), line.data() + line.size(), step);
    if (step <= last_step && !in.eof()) kept += line + "\n";
  }
  return kept;
}

}  // namespace

Ledger::Ledger(const std::filesystem::path& folder, const std::vector<Parameter>& parameters,
               std::int64_t first_step)
    : parameters_(parameters), file_(folder / "ledger.csv") {
  std::error_code ignored;  // what cannot be written is told below
  make_folder(folder, ignored);
  make_file(file_);
  const auto kept = lines_until(file_, first_step);
  out_.open(file_, std::ios::trunc);
  out_ << "step,loss,grad_norm";
  for (const auto* of : {"gradient", "weight"})
    for (const auto& parameter : parameters_) out_ << fmt::format(",{} {}", of, parameter.name);
  out_ << "\n" << kept << std::flush;
  check();
}

void Ledger::check() const {
  if (!out_)
    throw std::runtime_error(fmt::format("cannot write {}: {}", file_.string(), reason_of(errno)));
}

void Ledger::note_gradients() {
  std::vector<at::Tensor> present;
  gradients_.clear();
  for (const auto& parameter : parameters_) {
    const auto& gradient = parameter.tensor.grad();
    if (gradient.defined()) present.push_back(gradient);
    gradients_.push_back(hash(gradient));
  }
  norm_ = norm(present).item<double>();
}

void Ledger::write(std::int64_t step, double loss) {
  out_ << fmt::format("{},{},{}", step, loss, norm_);
  for (const auto gradient : gradients_) out_ << fmt::format(",{:016x}", gradient);
  for (const auto& parameter : parameters_) out_ << fmt::format(",{:016x}", hash(parameter.tensor));
  out_ << "\n" << std::flush;  // what is written survives a kill
  check();
}

}  // namespace runner
