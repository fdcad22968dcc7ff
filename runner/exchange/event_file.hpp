#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace runner {

// The frames of TensorBoard's event files, as TensorFlow's record_writer.h describes them: length,
// its check sum, the message, its check sum.

std::string frame(std::string_view message);

/// Reads the messages of a file one after another, until its end or until a frame that is not whole
/// yet. Throws UserError for a file that is damaged or is no event file.
void for_each_frame(const std::filesystem::path& file,
                    const std::function<void(std::string_view)>& use);

}  // namespace runner
