#include "runner/commands/plot_file.hpp"

#include "experiments/error.hpp"
#include "runner/exchange/output.hpp"
#include "runner/figure/convert.hpp"
#include "runner/figure/page.hpp"
#include "runner/terminal/number.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/algorithm/string/case_conv.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

/// Pixels of a screen or a print, for each of the picture's.
constexpr double png_scale = 2;

std::string ending_of(const fs::path& file) {
  return boost::to_lower_copy(file.extension().string());
}

std::string drawn(const std::string& ending, const figure::Figure& figure) {
  if (ending == ".html") return figure::page(figure);
  const auto svg = figure::svg(figure);
  if (ending == ".png") return figure::convert(svg, figure::Format::png, png_scale);
  if (ending == ".pdf") return figure::convert(svg, figure::Format::pdf, 1);
  return svg;
}

}  // namespace

void refuse_to_write(const fs::path& file, bool overwrite) {
  constexpr std::array<std::string_view, 4> endings{".svg", ".png", ".pdf", ".html"};
  if (std::ranges::find(endings, ending_of(file)) == endings.end())
    throw UserError(fmt::format("--out {}: expected a name that ends in .svg, .png, .pdf or .html",
                                file.string()));
  if (const auto folder = fs::absolute(file).parent_path(); !fs::is_directory(folder))
    throw UserError(fmt::format("--out {}: there is no folder {}", file.string(), folder.string()));
  refuse_to_overwrite(file, overwrite);
}

void write_figure(const fs::path& file, const figure::Figure& figure) {
  const auto text = drawn(ending_of(file), figure);
  Output out(file);
  out.write(text);
  out.commit();
  fmt::print("{}: {}\n", file.string(), bytes(static_cast<std::int64_t>(text.size())));
}

}  // namespace runner
