#include "runner/sweep/sweep_schema.hpp"

#include "runner/recipe/schema.hpp"
#include "runner/search/prune.hpp"
#include "runner/search/search.hpp"
#include "runner/search/space.hpp"
#include "runner/sweep/matrix.hpp"
#include "runner/sweep/sweep_options.hpp"

namespace runner {
namespace {

Json list_or_range() {
  return {{"anyOf",
           {{{"type", "array"}, {"minItems", 1}},
            {{"type", "object"},
             {"properties",
              {{"range",
                {{"description", "[first, last] or [first, last, step]; both ends belong to it"},
                 {"type", "array"},
                 {"items", {{"type", "number"}}},
                 {"minItems", 2},
                 {"maxItems", 3}}}}}}}}};
}

Json object(std::string_view about) { return {{"description", about}, {"type", "object"}}; }

/// One map, or a list of them.
Json maps(std::string_view about) {
  return {{"description", about},
          {"anyOf", {{{"type", "object"}}, {{"type", "array"}, {"items", {{"type", "object"}}}}}}};
}

Json matrix_schema() {
  auto matrix = object(matrix_help);
  for (const auto& [word, help] : matrix_words)
    matrix["properties"][std::string(word)] = maps(help);
  matrix["additionalProperties"] = list_or_range();
  return matrix;
}

Json space_schema() {
  const auto bounds =
      Json{{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 2}};
  Json axis{{"type", "object"}, {"maxProperties", 1}, {"additionalProperties", false}};
  for (const auto* kind : {"uniform", "log_uniform", "int_uniform", "int_log_uniform"})
    axis["properties"][kind] = bounds;
  axis["properties"]["choice"] = {{"type", "array"}, {"minItems", 1}};
  auto space = object(space_help);
  space["additionalProperties"] = std::move(axis);
  return space;
}

}  // namespace

Json sweep_schemas() {
  auto search = section_schema(describe_component<Search>("search"));
  search["properties"]["space"] = space_schema();
  return {{"matrix", matrix_schema()},
          {"search", std::move(search)},
          {"prune", section_schema(describe_component<Prune>("prune"))},
          {"sweep", section_schema(describe_component<SweepOptions>("sweep"))}};
}

}  // namespace runner
