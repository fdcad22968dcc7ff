#include "runner/launch/host_memory.hpp"

#include <fstream>
#include <string>
#include <utility>

namespace runner {

HostMemory host_memory(const std::filesystem::path& proc) {
  std::ifstream file(proc / "meminfo");
  HostMemory memory;
  for (std::string line; std::getline(file, line);)
    for (const auto& [name, bytes] :
         {std::pair("MemTotal:", &memory.total), {"MemAvailable:", &memory.available}})
      if (line.starts_with(name)) *bytes = 1024 * std::stoll(line.substr(std::string(name).size()));
  return memory;
}

}  // namespace runner
