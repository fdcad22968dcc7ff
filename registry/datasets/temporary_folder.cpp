#include "registry/datasets/temporary_folder.hpp"

#include <cerrno>
#include <system_error>

#include <stdlib.h>

namespace runner {

TemporaryFolder::TemporaryFolder(const std::string& prefix) {
  auto name = (std::filesystem::temp_directory_path() / (prefix + "XXXXXX")).string();
  if (!mkdtemp(name.data()))
    throw std::system_error(errno, std::generic_category(), "cannot make " + name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace runner
