#include "runner/launch/visible_gpus.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <regex>
#include <sstream>
#include <string_view>

namespace runner {
namespace {

namespace fs = std::filesystem;

int count_entries(const fs::path& folder, bool (*counts)(const std::string& name)) {
  std::error_code unreadable;
  int count = 0;
  for (const auto& entry : fs::directory_iterator(folder, unreadable))
    count += counts(entry.path().filename().string()) ? 1 : 0;
  return count;
}

bool is_device(const std::string& name) {
  constexpr std::string_view prefix = "nvidia";
  return name.starts_with(prefix) && name.size() > prefix.size() &&
         std::all_of(name.begin() + prefix.size(), name.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

int installed_gpus(const fs::path& root) {
  const int listed =
      count_entries(root / "proc/driver/nvidia/gpus", [](const std::string&) { return true; });
  const int devices = count_entries(root / "dev", is_device);
  // A container may see all of /proc and only its own devices; before the first use of a driver
  // there are no devices yet.
  return listed == 0 || devices == 0 ? std::max(listed, devices) : std::min(listed, devices);
}

bool names_a_gpu(const std::string& entry, int installed) {
  if (entry.starts_with("GPU-") || entry.starts_with("MIG-")) return true;
  int index = -1;
  const auto* end = entry.data() + entry.size();
  const auto [stopped, error] = std::from_chars(entry.data(), end, index);
  return error == std::errc() && stopped == end && index >= 0 && index < installed;
}

}  // namespace

int visible_gpus(const Environment& environment, const fs::path& root) {
  const int installed = installed_gpus(root);
  const auto list = environment("CUDA_VISIBLE_DEVICES");
  // Slurm sets the variable for GPUs that have no driver, too.
  if (!list || installed == 0) return installed;
  int count = 0;
  std::istringstream entries(*list);
  for (std::string entry; std::getline(entries, entry, ',') && names_a_gpu(entry, installed);)
    ++count;
  return count;
}

// The first line is `NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  ...`
std::string driver_version(const fs::path& root) {
  std::ifstream file(root / "proc/driver/nvidia/version");
  std::string line;
  std::smatch found;
  if (!std::getline(file, line)) return "";
  return std::regex_search(line, found, std::regex(R"((\d+\.\d+(\.\d+)?))")) ? found[1].str() : "";
}

}  // namespace runner
