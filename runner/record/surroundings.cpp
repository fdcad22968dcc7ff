#include "runner/record/surroundings.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <string_view>

namespace runner {
namespace {

constexpr std::array<std::string_view, 24> beginnings = {
    "CUDA_",        "NVIDIA_", "NCCL_",   "TORCH_",  "PYTORCH_",    "CUBLAS_",
    "CUDNN_",       "OMP_",    "GOMP_",   "KMP_",    "MKL_",        "OPENBLAS_",
    "ONEDNN_",      "DNNL_",   "GLOO_",   "RUNNER_", "SLURM_JOB_",  "SLURM_CPUS_",
    "SLURM_NTASKS", "LD_",     "MALLOC_", "CONDA_",  "VIRTUAL_ENV", "ATEN_"};

constexpr std::array<std::string_view, 11> secrets = {
    "KEY", "TOKEN", "SECRET", "PASS", "PWD", "CRED", "AUTH", "COOKIE", "CERT", "SIGNED", "JWT"};

bool bears_on_results(std::string_view name) {
  return std::ranges::any_of(beginnings, [&](auto start) { return name.starts_with(start); }) &&
         std::ranges::none_of(secrets,
                              [&](auto word) { return name.find(word) != std::string_view::npos; });
}

/// `https://user:password@host` loses its user and password.
std::string without_passwords(const std::string& value) {
  static const std::regex user("://[^/@\\s]*@");
  return value.find('@') == std::string::npos ? value : std::regex_replace(value, user, "://");
}

}  // namespace

Json recorded_environment(const char* const* environment) {
  auto recorded = Json::object();
  for (; *environment; ++environment) {
    const std::string text = *environment;
    const auto equals = text.find('=');
    if (equals == std::string::npos || !bears_on_results(text.substr(0, equals))) continue;
    recorded[text.substr(0, equals)] = without_passwords(text.substr(equals + 1));
  }
  return recorded;
}

}  // namespace runner
