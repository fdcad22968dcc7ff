#include "runner/exchange/read_text.hpp"

#include "experiments/error.hpp"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace runner {

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  if (in.peek() != std::ifstream::traits_type::eof()) out << in.rdbuf();
  if (in.bad() || !std::filesystem::is_regular_file(file) || out.fail())
    throw UserError(fmt::format("cannot read {}", file.string()));
  return out.str();
}

}  // namespace runner
