#include "runner/train/ledger.hpp"

#include "experiments/permissions.hpp"
#include "registry/datasets/fail.hpp"

#include <cerrno>
#include <charconv>
#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace runner {
namespace {

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

Ledger::Ledger(const std::filesystem::path& folder, const Strategy& strategy, bool writes,
               std::int64_t first_step)
    : strategy_(strategy), writes_(writes), file_(folder / "ledger.csv") {
  for (const auto& parameter : strategy.network().named_parameters())
    parameters_.push_back({parameter.key(), parameter.value()});
  if (writes_) open(first_step);
}

void Ledger::open(std::int64_t first_step) {
  std::error_code ignored;  // what cannot be written is told below
  make_folder(file_.parent_path(), ignored);
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

std::uint64_t Ledger::hash(const std::string& parameter, const at::Tensor& kept) const {
  if (!kept.defined()) return 0;
  const auto full = strategy_.full_tensor({parameter, kept});
  if (!writes_) return 0;
  const auto here = full.detach().cpu().contiguous();
  return XXH3_64bits(here.const_data_ptr(), here.nbytes());
}

void Ledger::note_gradients() {
  gradients_.clear();
  for (const auto& [name, tensor] : parameters_) gradients_.push_back(hash(name, tensor.grad()));
  norm_ = strategy_.gradient_norm().item<double>();
}

void Ledger::write(std::int64_t step, double loss) {
  std::vector<std::uint64_t> weights;
  for (const auto& [name, tensor] : parameters_) weights.push_back(hash(name, tensor));
  if (!writes_) return;
  out_ << fmt::format("{},{},{}", step, loss, norm_);
  for (const auto* hashes : {&gradients_, &weights})
    for (const auto one : *hashes) out_ << fmt::format(",{:016x}", one);
  out_ << "\n" << std::flush;  // what is written survives a kill
  check();
}

}  // namespace runner
