#include "runner/figure/convert.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/temporary_folder.hpp"
#include "runner/launch/output_of.hpp"
#include "runner/launch/shell_command.hpp"

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace runner::figure {
namespace {

void refuse_without_converter(Format format) {
  if (!output_of("command -v rsvg-convert").empty()) return;
  throw UserError(
      fmt::format("for {} rsvg-convert is needed, which is not installed: apt-get install "
                  "librsvg2-bin; .svg and .html need nothing",
                  format == Format::png ? "PNG" : "PDF"));
}

}  // namespace

std::string convert(std::string_view svg, Format format, double scale) {
  refuse_without_converter(format);
  const TemporaryFolder folder("runner-figure");
  const auto file = folder.path() / "figure.svg";
  std::ofstream(file) << svg;
  const auto zoom = format == Format::png ? scale : 1;
  auto bytes = output_of(fmt::format(
      "rsvg-convert --unlimited -f {} -z {} {} 2>{}", format == Format::png ? "png" : "pdf", zoom,
      shell_command({file.string()}), shell_command({(folder.path() / "errors").string()})));
  if (!bytes.empty()) return bytes;
  std::ifstream errors(folder.path() / "errors");
  std::string why;
  std::getline(errors, why);
  throw std::runtime_error("rsvg-convert cannot draw the picture: " + why);
}

}  // namespace runner::figure
