#include "runner/protocol/description.hpp"

#include "runner/protocol/event.hpp"
#include "runner/protocol/fronts.hpp"

#include <fmt/format.h>

namespace runner::protocol {
namespace {

template <Alternative M>
std::string row() {
  std::string fields;
  const M message{};
  for_each_field(message, [&]<class T>(const auto& field, const T&) {
    fields += fmt::format("{}`{}` {}", fields.empty() ? "" : "; ", field.name, Wire<T>::type());
    if (!field.help.empty()) fields += fmt::format(" ({})", field.help);
  });
  return fmt::format("| `{}` | {} | {} |\n", M::name, M::summary, fields);
}

template <class Variant>
struct Table;
template <class... Ms>
struct Table<std::variant<Ms...>> {
  static std::string text(const char* title) {
    auto rows = fmt::format("| {} | when | fields |\n|---|---|---|\n", title);
    ((rows += row<Ms>()), ...);
    return rows + "\n";
  }
};

}  // namespace

std::string page() {
  return Table<FromWorker>::text("a worker tells its front") +
         Table<ToWorker>::text("a front tells its worker") +
         Table<ToHead>::text("a front tells that of rank 0") +
         Table<FromHead>::text("the front of rank 0 tells the others");
}

std::int64_t version() {
  static const auto number = [] {
    std::uint32_t hash = 2166136261;  // FNV-1a
    for (const char c : page()) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619;
    return hash;
  }();
  return number;
}

std::string other_version(const Json& first, std::string_view who, std::string_view me) {
  const auto found = first.find("protocol");
  const bool tells = found != first.end() && found->is_number_integer();
  if (tells && found->get<std::int64_t>() == version()) return "";
  const auto numbers =
      tells ? fmt::format(" (protocol {:08x} and {:08x})", found->get<std::int64_t>(), version())
            : "";
  return fmt::format("{} is of another version than {}{}: build or install both together", who, me,
                     numbers);
}

}  // namespace runner::protocol
