#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

namespace runner {

// The frames of TensorBoard's event files, as TensorFlow's record_writer.h describes them: length,
// its check sum, the message, its check sum.

std::string frame(std::string_view message);

/// Reads the messages in a file's first `bytes` one after another, until their end or until a frame
/// that is not whole yet; gives where that was. Throws UserError for a file that is damaged or is
/// no event file.
std::uint64_t for_each_frame(const std::filesystem::path& file,
                             const std::function<void(std::string_view)>& use,
                             std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max());

}  // namespace runner
