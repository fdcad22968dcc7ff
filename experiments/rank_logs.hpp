#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace runner {

/// The file in a run's folder of logs that holds what a rank prints.
std::filesystem::path rank_log(const std::filesystem::path& folder, std::int64_t rank);

/// The ranks that have such a file, in their order; none where there is no folder.
std::vector<std::int64_t> ranks_with_logs(const std::filesystem::path& folder);

}  // namespace runner
