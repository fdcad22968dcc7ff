#include "runner/ui/api.hpp"

#include "experiments/schema.hpp"
#include "experiments/store.hpp"

#include <array>

namespace runner::ui {
namespace {

struct Endpoint {
  std::string_view method;
  std::string_view path;  // one that ends in / goes on with an id
  Json (*answer)(const Call&);
};

constexpr std::array endpoints = {
    Endpoint{"GET", "/api/runs", runs},       Endpoint{"GET", "/api/groups", groups},
    Endpoint{"GET", "/api/columns", columns}, Endpoint{"GET", "/api/run/", run},
    Endpoint{"PATCH", "/api/run/", edit},     Endpoint{"GET", "/api/log", log},
    Endpoint{"GET", "/api/matrix", matrix},   Endpoint{"GET", "/api/metrics", metrics},
    Endpoint{"GET", "/api/curves", curves},   Endpoint{"GET", "/api/compare", compare},
    Endpoint{"GET", "/api/sweeps", sweeps},   Endpoint{"GET", "/api/sweep/", sweep},
    Endpoint{"GET", "/api/about", about}};

bool leads_to(const Endpoint& endpoint, const std::string& path) {
  return endpoint.path.ends_with('/')
             ? path.starts_with(endpoint.path) && path.size() > endpoint.path.size()
             : path == endpoint.path;
}

Json read_body(const std::string& body) {
  auto json = Json::parse(body, nullptr, false);
  if (!json.is_object()) throw UserError("expected a JSON object");
  return json;
}

Json answer(const Endpoint& endpoint, const Request& request, const ApiSettings& settings) {
  const std::string id = request.path.substr(endpoint.path.size());
  if (endpoint.method != "GET") {
    auto store = Store::open_to_write(settings.database);
    return endpoint.answer(
        {store.database(), request.query, id, read_body(request.body), settings.read_only});
  }
  const Database database(settings.database, Database::Open::existing);
  read_as_todays(database);
  database.execute("PRAGMA query_only = 1");
  return endpoint.answer({database, request.query, id, nullptr, settings.read_only});
}

}  // namespace

Response api_response(const Request& request, const ApiSettings& settings) {
  bool path_is_known = false;
  for (const auto& endpoint : endpoints) {
    if (!leads_to(endpoint, request.path)) continue;
    path_is_known = true;
    const bool fits =
        endpoint.method == request.method || (endpoint.method == "GET" && request.method == "HEAD");
    if (fits) return json_response(answer(endpoint, request, settings));
  }
  if (path_is_known) return error_response(405, request.method + " is not for " + request.path);
  throw NotFound("nothing is at " + request.path);
}

}  // namespace runner::ui
