#include "runner/train/weights_reader.hpp"

#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

std::string renamed(const std::string& name, const std::vector<std::string>& rules) {
  for (const auto& rule : rules) {
    const auto equals = rule.find('=');
    const auto old_beginning = rule.substr(0, equals);
    if (name.starts_with(old_beginning))
      return rule.substr(equals + 1) + name.substr(old_beginning.size());
  }
  return name;
}

}  // namespace

WeightsReader::WeightsReader(const std::filesystem::path& path, const InitFrom& options)
    : path_(path), strict_(options.strict), file_(path) {
  for (const auto& name : file_.names()) names_[renamed(name, options.rename)] = name;
}

void WeightsReader::tensor(const std::string& name, at::Tensor& tensor) {
  const auto found = names_.find(name);
  if (found == names_.end()) {
    problems_.push_back(fmt::format("it has no {}", name));
    return;
  }
  const auto in_file = found->second;
  names_.erase(found);
  if (!file_.is_readable(in_file)) {
    problems_.push_back(
        fmt::format("{} has the type {} there, which is not read", name, file_.type_name(in_file)));
    return;
  }
  const auto saved = file_.tensor(in_file);
  if (saved.sizes() != tensor.sizes()) {
    problems_.push_back(fmt::format("{} is [{}] there and [{}] in the model", name,
                                    fmt::join(saved.sizes(), ", "),
                                    fmt::join(tensor.sizes(), ", ")));
    return;
  }
  const at::NoGradGuard no_grad;
  tensor.copy_(saved);
  ++taken_;
}

void WeightsReader::refuse_leftovers() const {
  file_.check();
  auto problems = problems_;
  for (const auto& [name, in_file] : names_)
    problems.push_back(fmt::format("the model has no {}", name));
  if (taken_ == 0) problems.insert(problems.begin(), "none of its tensors fits");
  if (problems.empty() || (!strict_ && taken_ > 0)) return;
  throw std::invalid_argument(fmt::format(
      "the weights in {} do not fit the model: {} (init_from.strict=false takes what fits, "
      "init_from.rename changes names)",
      path_.string(), fmt::join(problems, "; ")));
}

}  // namespace runner
